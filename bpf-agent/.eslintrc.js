module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  rules: {
    // scripts/build.mjs bundles everything into one file: whoever installs the agent installs nothing else with it.
    '@backstage/no-undeclared-imports': 'off',
    'import/no-extraneous-dependencies': 'off',
  },
});
