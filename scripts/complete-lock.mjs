// Adds to package-lock.json the platform packages that the machine's registry would not show, so that `npm ci`
// finds the lock complete on every platform. Run it after each change of the dependencies.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;

const systems = [
  'android',
  'darwin',
  'linux',
  'win32',
  'windows',
  'freebsd',
  'openharmony',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
];
const processors = [
  'arm64',
  'x64',
  'arm',
  'ia32',
  'riscv64',
  'ppc64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
];

let added = 0;
for (const [place, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (isThere(place, name) || !/^\d/.test(version)) continue;
    packages[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev && { dev }), optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added`);

/** Found from its dependent upwards, as Node resolves it. */
function isThere(place, name) {
  for (let at = place; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (packages[`${at ? `${at}/` : ''}node_modules/${name}`]) return true;
    if (!at) return false;
  }
}

/** What such a package runs on, read from its name. */
function platformOf(name) {
  const words = name.split('/').pop().split(/[-.]/);
  const system = systems.find((one) => words.includes(one));
  const processor = processors.find(
    (one) => words.includes(one) || (one === 'arm' && words.some((word) => word === 'arm')),
  );
  const libc = words.includes('musl')
    ? 'musl'
    : words.includes('gnu') || words.includes('gnueabihf')
      ? 'glibc'
      : null;
  return {
    ...(processor && { cpu: [processor] }),
    ...(system && { os: [system === 'windows' ? 'win32' : system] }),
    ...(libc && system === 'linux' && { libc: [libc] }),
  };
}
