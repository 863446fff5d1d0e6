// Plain JavaScript, since an old Node cannot read the rest.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  console.error(
    `SEB runs on Node 24, and this is Node ${process.versions.node}. ` +
      'Node 24 comes with the packages: run `npm ci` (with install scripts allowed) and then `npm start`.',
  );
  process.exit(1);
}
