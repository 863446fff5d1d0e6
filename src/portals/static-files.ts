import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import express, { Router } from 'express';

/** Where pages find the design system's and the own files: addresses that change with their content, kept by browsers. */
export type AssetPaths = { designSystem: string; own: string };

export function assetPaths(root: string): AssetPaths {
  const manifest = JSON.parse(readFileSync(path.join(root, 'node_modules/dkfds/package.json'), 'utf8')) as {
    version: string;
  };
  return { designSystem: `/assets/dkfds/${manifest.version}`, own: `/assets/seb/${contentHash(ownFolder(root))}` };
}

/** Serves both under their addresses, to be kept for a year. */
export function staticFiles(root: string): Router {
  const router = Router();
  const paths = assetPaths(root);
  const options = { index: false, redirect: false, setHeaders: keptForAYear };
  for (const folder of ['css', 'js', 'fonts', 'img']) {
    const files = path.join(root, 'node_modules/dkfds/dist', folder);
    router.use(`${paths.designSystem}/${folder}`, express.static(files, options));
  }
  router.use(paths.own, express.static(ownFolder(root), options));
  return router;
}

// Said here, since pages' own "no-store" stands in the answer already.
function keptForAYear(res: ServerResponse): void {
  res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
}

function ownFolder(root: string): string {
  return path.join(root, 'public');
}

function contentHash(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) hash.update(file.name).update(readFileSync(path.join(file.parentPath, file.name)));
  }
  return hash.digest('hex').slice(0, 12);
}
