import js from '@eslint/js'
import globals from 'globals'
import jsxA11y from 'eslint-plugin-jsx-a11y'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { readdirSync } from 'node:fs'

const features = readdirSync(new URL('./src/features', import.meta.url))

/** The library's theme stands around its controls, there. */
const library = { regex: '^antd(/|$)', message: 'Ant Design is used by components/antd only.' }

/** A feature may use components, api and locales, never another feature or the app. */
const featureWalls = features.map((feature) => ({
  files: [`src/features/${feature}/**/*.{ts,tsx}`],
  rules: {
    'no-restricted-imports': ['error', {
      patterns: [
        library,
        { group: ['@/app/*', '@/app'], message: 'A feature does not know the app.' },
        {
          group: features.filter((other) => other !== feature).flatMap((other) => [`@/features/${other}`, `@/features/${other}/*`, `../${other}/*`]),
          message: 'A feature does not import another feature.',
        },
      ],
    }],
  },
}))

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  reactHooks.configs.flat['recommended-latest'] ?? reactHooks.configs.flat.recommended,
  jsxA11y.flatConfigs.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: { allowDefaultProject: ['eslint.config.js', 'scripts/*.mjs', 'public/*.js'] }, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/no-floating-promises': ['error', { ignoreVoid: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'jsx-a11y/no-autofocus': 'off',
    },
  },
  { files: ['src/{components,api,locales}/**/*.{ts,tsx}'], rules: { 'no-restricted-imports': ['error', { patterns: [library, { group: ['@/app/*', '@/features/*'], message: 'Shared code does not know features or the app.' }] }] } },
  { files: ['src/components/antd/**/*.{ts,tsx}'], rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['@/app/*', '@/features/*'], message: 'Shared code does not know features or the app.' }] }] } },
  { files: ['src/app/**/*.{ts,tsx}'], rules: { 'no-restricted-imports': ['error', { patterns: [library] }] } },
  ...featureWalls,
  { files: ['public/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['scripts/*.mjs', 'eslint.config.js'], ...tseslint.configs.disableTypeChecked, languageOptions: { globals: globals.node } },
)
