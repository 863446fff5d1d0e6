import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Router } from 'express';
import express from 'express';

/** The own and the design system's files, under addresses that change with their version, so that browsers may keep them. */
export function staticFiles(root: string): Router {
  const router = Router();
  const options = { index: false, immutable: true, maxAge: '365d', redirect: false } as const;
  const designSystem = path.join(root, 'node_modules/dkfds/dist');
  for (const folder of ['css', 'js', 'fonts', 'img'])
    router.use(
      `/dkfds/${designSystemVersion(root)}/${folder}`,
      express.static(path.join(designSystem, folder), options),
    );
  router.use('/seb', express.static(path.join(root, 'public'), { ...options, immutable: false, maxAge: '5m' }));
  return router;
}

export function designSystemVersion(root: string): string {
  const manifest = JSON.parse(readFileSync(path.join(root, 'node_modules/dkfds/package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
