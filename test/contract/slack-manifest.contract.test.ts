import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isObject, parseJson } from '../../sandbox/shared/json.ts';

const file = join(import.meta.dirname, '../../../shared/contracts/slack-manifest.schema.json');
const here = existsSync(file);
const title = here
  ? 'manifest.yml against Slack’s schema'
  : `SKIPPED, for ${file} is not there: manifest.yml against Slack’s schema`;

test.runIf(process.env['CI'] === 'true')('in CI Slack’s schema for manifests is there', () => {
  expect(here, `${file} is missing: the manifest can't be checked`).toBe(true);
});

function ours(): Record<string, unknown> {
  const manifest: unknown = parse(readFileSync(join(import.meta.dirname, '../../manifest.yml'), 'utf8'));
  if (!isObject(manifest)) throw new Error('manifest.yml holds no mapping');
  return manifest;
}

function faultsOf(manifest: unknown): string[] {
  const schema = parseJson(readFileSync(file, 'utf8'));
  if (!isObject(schema)) throw new Error(`${file} holds no JSON object`);
  const ajv = new Ajv({ allErrors: true, strict: false });
  formats.default(ajv);
  const validate = ajv.compile(schema);
  if (validate(manifest)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe.skipIf(!here)(title, () => {
  test('it is a manifest of version 2 without a fault', () => {
    expect(faultsOf(ours())).toEqual([]);
  });

  test('a field that Slack does not know is a fault, so the check above can fail', () => {
    expect(faultsOf({ ...ours(), settings: { socket_mode: true } })).not.toEqual([]);
  });
});
