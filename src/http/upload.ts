import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Request, RequestHandler } from 'express';
import { BadRequest } from '../shared/errors.ts';
import { formBody } from './body.ts';
import type { Posted } from './forms.ts';

/** `kilobytes` for the fields before the file, `megabytes` for the file itself. */
export type UploadLimit = { fields: number; kilobytes: number; megabytes: number };

/** A file that is on its way; nothing of it is kept before it is used. */
export type Upload = {
  /** As the browser tells it: input like any other. */
  fileName: string;
  /** Receives the file into a temporary one, which is gone when the work is done. @throws BadRequest when it is too big or cut off */
  use<Result>(work: (file: string) => Promise<Result>): Promise<Result>;
};

declare global {
  // A namespace, since that is how Express types are extended.
  namespace Express {
    interface Request {
      upload?: Upload;
    }
  }
}

/**
 * The body of a form with one file as its last field. Whatever comes before the file is read, then the request goes on: who
 * sent it and whether they may is known before a byte of the file is received.
 */
export function uploadBody(limit: UploadLimit): RequestHandler {
  const withoutFile = formBody(limit);
  return (req, res, next) => {
    if (!req.is('multipart/form-data')) {
      withoutFile(req, res, next);
      return;
    }
    res.once('finish', () => readOut(req));
    readFields(req, limit).then(() => next(), next);
  };
}

/** Ends when all fields before the file are there, or the form has no file. */
function readFields(req: Request, limit: UploadLimit): Promise<void> {
  return new Promise((resolve, reject) => {
    const parser = parserOf(req, limit);
    const fields = new Map<string, string | string[]>();
    // What stands after the file is not read: it would come when the answer has begun.
    const goOn = (): void => {
      req.body ??= Object.fromEntries(fields) satisfies Posted;
      resolve();
    };
    parser.on('field', (name, value, { valueTruncated }) => {
      if (valueTruncated) reject(tooBig(limit));
      const before = fields.get(name);
      fields.set(name, before === undefined ? value : [before, value].flat());
    });
    for (const event of ['fieldsLimit', 'partsLimit'] as const) parser.on(event, () => reject(tooBig(limit)));
    parser.on('file', (_name, stream, { filename }: { filename: string | undefined }) => {
      if (!filename) {
        stream.resume();
        return;
      }
      req.upload = uploadOf(req, stream, path.basename(filename), limit);
      goOn();
    });
    parser.on('close', goOn);
    parser.on('error', () => reject(cutOff()));
    req.once('close', () => {
      if (!req.complete) reject(cutOff());
    });
    req.pipe(parser);
  });
}

function parserOf(req: Request, { fields, kilobytes, megabytes }: UploadLimit): busboy.Busboy {
  try {
    return busboy({
      headers: req.headers,
      defParamCharset: 'utf8',
      limits: {
        fieldNameSize: 100,
        fieldSize: kilobytes * 1024,
        fields,
        files: 1,
        parts: fields + 1,
        headerPairs: 20,
        fileSize: megabytes * 1024 * 1024,
      },
    });
  } catch {
    throw cutOff();
  }
}

function uploadOf(
  req: Request,
  stream: Readable & { truncated?: boolean },
  fileName: string,
  limit: UploadLimit,
): Upload {
  // A fault before the file is used must not end the process; using it then meets the same fault.
  stream.on('error', () => undefined);
  req.once('close', () => {
    if (!req.complete) stream.destroy(cutOff());
  });
  return {
    fileName,
    async use(work) {
      const file = path.join(tmpdir(), `seb-upload-${randomUUID()}`);
      try {
        await receive(stream, file, limit);
        return await work(file);
      } finally {
        await rm(file, { force: true });
      }
    },
  };
}

async function receive(stream: Readable & { truncated?: boolean }, file: string, limit: UploadLimit): Promise<void> {
  stream.once('limit', () => stream.destroy(tooBig(limit)));
  try {
    await pipeline(stream, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    throw error instanceof BadRequest ? error : cutOff();
  }
}

// What is still on its way is read and thrown away: a browser that is cut off shows its own error and not our answer.
function readOut(req: Request): void {
  req.unpipe();
  req.resume();
}

function tooBig({ megabytes }: UploadLimit): BadRequest {
  return new BadRequest(
    `Filen eller teksten er for stor. Den må højst fylde ${megabytes} MB. Del den i flere, og send dem hver for sig.`,
    413,
  );
}

function cutOff(): BadRequest {
  return new BadRequest('Filen kom ikke helt frem. Intet er gemt. Åbn siden igen, og send filen en gang til.');
}
