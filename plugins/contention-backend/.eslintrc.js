module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  testRules: {
    // supertest's and fast-check's own ways to assert
    'jest/expect-expect': [
      'warn',
      { assertFunctionNames: ['expect', '**.expect', 'fc.assert'] },
    ],
  },
});
