import type { Pool } from 'pg';
import type { Route } from './server.ts';

/** `/healthz`: the process answers. `/readyz`: and it can record what happens. */
export function health(pool: Pool): Route[] {
  return [
    { method: 'GET', path: '/healthz', handle: async () => ({ status: 200, body: { ok: true } }) },
    {
      method: 'GET',
      path: '/readyz',
      handle: async () => {
        await pool.query('select 1');
        return { status: 200, body: { ready: true } };
      },
    },
  ];
}
