import { chmod, lstat, mkdir } from 'node:fs/promises';

/** Anybody may make folders in the temporary one: what runs from there must be ours alone. */
export async function makeOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  const found = await lstat(folder);
  const ours = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !ours || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} belongs to somebody else or can be written by others: remove it and start again.`);
  }
  // The process's umask may have closed it to the account that must read it.
  await chmod(folder, 0o755);
}
