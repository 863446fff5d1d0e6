FROM node:24-slim AS packages
WORKDIR /seb
COPY package.json package-lock.json ./
# Install scripts fetch binaries of Node and PostgreSQL, which this image has or does not use.
RUN npm ci --omit=dev --ignore-scripts && npm cache clean --force

FROM packages AS application
COPY tsconfig.json prisma.config.ts ./
COPY prisma ./prisma
COPY public ./public
COPY views ./views
COPY src ./src
RUN node src/db/generate-client.ts
COPY docker/health-check.js ./docker/health-check.js
# A volume takes its owner from the folder that it covers.
RUN mkdir /var/lib/seb && chown node:node /var/lib/seb
ENV NODE_ENV=production
EXPOSE 3000 3001
USER node
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "docker/health-check.js"]
CMD ["node", "src/main.ts"]

# The demo sector, the test identity provider and the mailbox with it: for a test environment only.
FROM application AS test-environment

FROM application AS production
USER root
RUN rm -rf src/demo
USER node
