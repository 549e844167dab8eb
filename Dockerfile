# The service: docker build -t threatgate . && docker run --env-file threatgate.env -p 3000:3000 -v threatgate:/data threatgate
# It needs no root, no shell and no writable file system but /data.

FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# esbuild is all that the build needs of the development packages, and it needs no script of its own.
RUN npm ci --ignore-scripts
COPY app.yml tsconfig.json ./
COPY scripts scripts
COPY src src
RUN node scripts/build.ts

FROM node:24-slim
WORKDIR /app
# A volume takes over owner and mode of the folder that it is first mounted on.
RUN install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
USER 10001:10001
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["serve"]
