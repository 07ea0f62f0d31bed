# The bot without its sandbox and tests. It needs a PostgreSQL of yours (DATABASE_URL): the embedded one is an
# optional package that is left out here.
#
#   docker build --tag gonogo .
#   docker run --env-file .env --volume ./release.yml:/config/release.yml:ro --publish 127.0.0.1:3000:3000 gonogo
FROM node:24-slim

# MALLOC_…: freed memory goes back to the system (docs/decisions/0032).
ENV NODE_ENV=production \
    MALLOC_ARENA_MAX=1 \
    MALLOC_MMAP_THRESHOLD_=16384 \
    MALLOC_TRIM_THRESHOLD_=65536 \
    HOST=0.0.0.0 \
    PORT=3000 \
    GONOGO_CATALOGUE=/config/release.yml

WORKDIR /app

# First what changes seldom, so that a change of src does not install the packages again. No package that the
# bot runs on needs an install script.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && npm cache clean --force

COPY src ./src

# What Node makes of the TypeScript is made once and kept: at each start it would cost a second and 20 MB
# (docs/decisions/0032). Node looks for what it kept under the id of the user it runs as.
ENV NODE_COMPILE_CACHE=/var/cache/gonogo
RUN install --directory --owner=node "$NODE_COMPILE_CACHE"
USER node
RUN ["node", "--max-semi-space-size=4", "--heap-growing-percent=20", "--expose-gc", "--input-type=module", "--eval", "import { globSync } from 'node:fs'; for (const file of globSync('src/**/*.ts')) if (file !== 'src/main.ts') await import(`./${file}`)"]
RUN ["node", "--max-semi-space-size=4", "--heap-growing-percent=20", "--expose-gc", "src/main.ts", "--help"]
USER root
RUN chown --recursive root:root "$NODE_COMPILE_CACHE" && chmod --recursive a+rX,go-w "$NODE_COMPILE_CACHE"

# The files belong to root: the bot may read its own code and change nothing.
USER node

EXPOSE 3000

# The process answers; whether it can record what happens is /readyz.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

# Node is process 1 and handles SIGTERM itself (src/serve.ts): it finishes or gives back the work in hand.
# The flags keep the heap near what is alive; the same ones stand in scripts/bot-node.json.
ENTRYPOINT ["node", "--max-semi-space-size=4", "--heap-growing-percent=20", "--expose-gc", "src/main.ts"]
CMD ["serve"]
