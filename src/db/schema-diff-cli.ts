import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { diffSchemas } from './schema-diff.ts';

/** `npm run db:diff [-- old-schema.prisma]`: without a path the old schema is the last committed one. */
const schemaPath = 'prisma/schema.prisma';
const root = path.resolve(import.meta.dirname, '../..');
const [oldPath] = process.argv.slice(2);

const before = oldPath
  ? readFileSync(oldPath, 'utf8')
  : execFileSync('git', ['show', `HEAD:${schemaPath}`], { cwd: root, encoding: 'utf8' });
console.log(await diffSchemas(before, readFileSync(path.join(root, schemaPath), 'utf8')));
