# The server as an image: one process, one volume, no root. Start it with COUNTERSIGN_URL (and COUNTERSIGN_DATABASE for
# PostgreSQL); without them `serve` refuses and says what to set. server/test/dockerfile.test.ts runs these steps.

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.base.json ./
COPY protocol/package.json protocol/
COPY sdk/package.json sdk/
COPY server/package.json server/
COPY web/package.json web/
# npm links a workspace's command only when its file is there.
COPY server/bin server/bin
RUN npm ci
COPY protocol protocol
COPY sdk sdk
COPY server server
COPY web web
RUN npm run build:product && npm prune --omit=dev && mkdir data

FROM node:24-slim
ENV NODE_ENV=production COUNTERSIGN_HOST=0.0.0.0 COUNTERSIGN_HOME=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/protocol/package.json protocol/
COPY --from=build /app/protocol/dist protocol/dist
COPY --from=build /app/sdk/package.json sdk/
COPY --from=build /app/sdk/dist sdk/dist
COPY --from=build /app/server/package.json server/
COPY --from=build /app/server/bin server/bin
COPY --from=build /app/server/dist server/dist
COPY --from=build /app/web/dist web/dist
COPY --from=build --chown=node:node /app/data /data
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --start-period=20s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/bin/countersign.js", "serve"]
