// Each workspace has Backstage's own rules; these are for the scripts around them.
module.exports = {
  root: true,
  overrides: [
    {
      files: ['{scripts,demo,bench,test}/**/*.mjs'],
      parserOptions: { ecmaVersion: 2022, sourceType: 'module' },
      env: { node: true, es2022: true },
      extends: ['eslint:recommended'],
      rules: {
        'no-unused-vars': [
          'error',
          { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
        ],
        'no-constant-condition': ['error', { checkLoops: false }],
        'prefer-const': 'error',
        eqeqeq: 'error',
      },
    },
  ],
};
