import type { UploadLimit } from '../http/upload.ts';
import type { Visit } from '../pages/visit.ts';
import { BadRequest } from '../shared/errors.ts';
import type { SignedFile } from './pdf.ts';
import { mostMegabytes, readSignedFile } from './pdf.ts';

/** The fields of a signed form, and then its file. */
export const signedForm: UploadLimit = { fields: 600, kilobytes: 10, megabytes: mostMegabytes };

export const noFile = 'Vælg den underskrevne blanket som PDF';

/** The file that came with the form. @throws BadRequest when there is none, it is too big, cut off, or no PDF */
export async function signedFileOf({ upload }: Visit): Promise<SignedFile> {
  if (upload === null) throw new BadRequest(noFile, 422);
  return upload.use((file) => readSignedFile(file, upload.fileName));
}

/** The same visit with the file as a part of what was posted: another file is another form. */
export function withFile(visit: Visit, file: SignedFile): Visit {
  return { ...visit, posted: { ...visit.posted, _fil: file.sha256 } };
}
