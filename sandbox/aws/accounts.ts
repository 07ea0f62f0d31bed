import { hex } from './draw.ts';
import { Limits } from './limits.ts';
import { type AwsWorld, Regions } from './world.ts';

/** One account: nothing in it knows of another. */
export interface Account {
  /** Twelve digits. */
  id: string;
  regions: Regions;
  limits: Limits;
  /** Names of the operations that its caller may not use. */
  denied: Set<string>;
}

/** A role that can be taken; nobody checks who takes it. */
export interface Role {
  /** `arn:aws:iam::ACCOUNT:role/NAME`. */
  arn: string;
  /** What has to be given beside the ARN; null: nothing. */
  externalId: string | null;
}

/** A key pair of somebody who may call. */
interface Key {
  account: Account;
  /** Who the caller is: `ROLE/SESSION`. */
  session: string;
  /** What a request with a temporary key carries beside it; null for one that lasts. */
  token: string | null;
  /** Real time, as the SDK compares it with its own; null: it lasts. */
  expiresAt: number | null;
}

/** What AssumeRole gives. */
export interface TemporaryKey {
  accessKeyId: string;
  secretAccessKey: string;
  token: string;
  expiresAt: number;
}

/** The accounts of the world: the first has what the world has, the others are empty until something is put there. */
export class Accounts {
  readonly home: Account;
  readonly #accounts = new Map<string, Account>();
  readonly #keys = new Map<string, Key>();
  readonly #roles = new Map<string, Role>();
  #given = 0;

  constructor(world: AwsWorld, accessKeyId: string, now: number) {
    this.home = newAccount(world.accountId, new Regions(world.accountId, world, now));
    this.#accounts.set(world.accountId, this.home);
    this.#keys.set(accessKeyId, {
      account: this.home,
      session: 'gonogo/sandbox',
      token: null,
      expiresAt: null,
    });
  }

  /** That of the world when none is named; made, empty, when it is first asked for. */
  get(id: string = this.home.id): Account {
    const account = this.#accounts.get(id) ?? newAccount(id, new Regions(id));
    this.#accounts.set(id, account);
    return account;
  }

  all(): Account[] {
    return [...this.#accounts.values()];
  }

  addRole(role: Role): void {
    this.#roles.set(role.arn, role);
  }

  role(arn: string): Role | undefined {
    return this.#roles.get(arn);
  }

  key(accessKeyId: string): Key | undefined {
    return this.#keys.get(accessKeyId);
  }

  /** A key for the account of a role; `now` in real ms since 1970. */
  give(role: Role, session: string, seconds: number, now: number): TemporaryKey {
    this.#given += 1;
    const mark = hex(`${role.arn} ${session} ${this.#given}`);
    const accessKeyId = `ASIA${mark.slice(0, 16).toUpperCase()}`;
    const token = Buffer.from(`simulated session ${mark}`).toString('base64');
    const expiresAt = now + seconds * 1000;
    const account = this.get(role.arn.split(':')[4] ?? '');
    const [, name = ''] = role.arn.split(':role/');
    this.#keys.set(accessKeyId, { account, session: `${name}/${session}`, token, expiresAt });
    return { accessKeyId, secretAccessKey: mark.slice(16, 56), token, expiresAt };
  }
}

function newAccount(id: string, regions: Regions): Account {
  return { id, regions, limits: new Limits(), denied: new Set() };
}
