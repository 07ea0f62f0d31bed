import { expect, test } from 'vitest';
import { matchPath } from '../../../src/adapters/http/path.ts';

const pattern = '/api/gates/{service}/{region}';

test.each<[string, string, Record<string, string> | null]>([
  [pattern, '/api/gates/core/eu-west-1', { service: 'core', region: 'eu-west-1' }],
  [pattern, '/api/gates/c%2Fore/eu', { service: 'c/ore', region: 'eu' }],
  [pattern, '/api/gates/core', null],
  [pattern, '/api/gates/core/', null],
  [pattern, '/api/gates//eu', null],
  [pattern, '/api/gates/core/eu/', null],
  [pattern, '/api/gates/core/eu/more', null],
  [pattern, '/api/gate/core/eu', null],
  [pattern, '/api/gates/%E0%A4%A/eu', null],
  ['/healthz', '/healthz', {}],
  ['/healthz', '/Healthz', null],
])('%s takes %s as %j', (wanted, path, params) => {
  expect(matchPath(wanted, path)).toEqual(params);
});
