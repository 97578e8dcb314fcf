#!/usr/bin/env node
// The sources are TypeScript and run as they are.
// Node 20 is supported here until the SDK itself drops it; its notice would stand in the middle of what commands tell.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
require('tsx/cjs');
require('./cli.ts');
