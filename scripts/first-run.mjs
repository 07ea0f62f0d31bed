// Runs a program of this project on the Node version the project pins, installing what is missing first.
// Plain JavaScript on built-ins only: it is the one file that must run before anything is installed,
// on whatever Node (20 or newer) the machine has.
//
//   node scripts/first-run.mjs sandbox/main.ts [args]      a file of this project
//   node scripts/first-run.mjs --bin vitest [args]         the command of an installed package
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'node_modules', '.installed-lock');
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  process.stderr.write('First run: installing what package-lock.json lists (about a minute)…\n');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', process.stderr.fd, process.stderr.fd],
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    process.stderr.write(
      "\nThe packages could not be installed (see npm's message above). Mend that, then run the same command again.\n",
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const [first, ...rest] = process.argv.slice(2);
const args = first === '--bin' ? [binOf(rest[0]), ...rest.slice(1)] : [join(root, first), ...rest];
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
// How the bot is started, as in the Dockerfile: why is told in docs/decisions/0032.
const { compileCache, flags, environment } = JSON.parse(
  readFileSync(join(root, 'scripts', 'bot-node.json'), 'utf8'),
);
const isBot = first === 'src/main.ts';
const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...(isBot ? flags : []), ...args], {
  stdio: 'inherit',
  env: {
    ...(first !== '--bin' && { NODE_COMPILE_CACHE: join(root, compileCache) }),
    ...(isBot && environment),
    ...process.env,
  },
});
// The child gets Ctrl-C from the terminal itself; a SIGTERM sent to this process alone must be passed on.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(signal ? 1 : code));

/** The script behind a package's command, so that it runs on the pinned Node and not on the machine's. */
function binOf(name) {
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
  return join(root, 'node_modules', name, typeof bin === 'string' ? bin : bin[name]);
}
