import type { RequestHandler } from 'express';
import type { Database } from '../db/client.ts';

/** 200 when the process serves and the database answers, else 503; for load balancers and the start. */
export function healthCheck({ pool }: Database): RequestHandler {
  return (_req, res) => {
    res.setHeader('Cache-Control', 'no-store');
    pool.query('select 1').then(
      () => res.json({ status: 'ok' }),
      () => res.status(503).json({ status: 'database out of reach' }),
    );
  };
}
