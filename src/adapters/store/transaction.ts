import type { Pool, PoolClient } from 'pg';

/** Runs `work` in one transaction; rolls back and passes the error on when it throws. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => {
      // The connection is gone, and with it the transaction: the pool must not hand it out again.
      broken = failure;
    });
    throw error;
  } finally {
    client.release(broken);
  }
}
