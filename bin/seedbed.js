#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

// Node 20 is supported here until the SDK itself drops it; its notice would stand in the middle of what commands tell.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
if (existsSync(join(__dirname, 'cli.ts'))) {
  // In a checkout the sources are TypeScript and run as they are.
  require('tsx/cjs');
  require('./cli.ts');
} else if (existsSync(join(__dirname, '../dist/bin/cli.js'))) {
  require('../dist/bin/cli.js');
} else {
  console.error('this package of Seedbed was packed without being built: make it with `npm run pack` in a clone');
  process.exitCode = 1;
}
