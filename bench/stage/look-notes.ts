import type { Pool } from 'pg';

/** What one look left: when the service is to be looked at again, and when that was noted, in ms since 1970. */
export interface LookNote {
  region: string;
  service: string;
  dueAt: number;
  notedAt: number;
}

/** Has the database keep every note that the bot makes of a look; one statement notes a whole look. */
export async function noteLooks(pool: Pool): Promise<{ all(): Promise<LookNote[]> }> {
  await pool.query(`
    create table bench_look (region text, service text, due_at timestamptz, noted_at timestamptz);
    create function bench_note_look() returns trigger language plpgsql as $$
    begin
      insert into bench_look
        values (new.region, new.subject #>> '{place,service}', new.due_at, transaction_timestamp());
      return null;
    end $$;
    create trigger bench_look after update on watch for each row execute function bench_note_look();`);
  return {
    all: async () => {
      const { rows } = await pool.query<{ region: string; service: string; due: Date; noted: Date }>(
        'select region, service, due_at as due, noted_at as noted from bench_look',
      );
      return rows.map(({ region, service, due, noted }) => {
        return { region, service, dueAt: due.getTime(), notedAt: noted.getTime() };
      });
    },
  };
}
