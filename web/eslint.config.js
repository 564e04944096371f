import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import a11y from "eslint-plugin-jsx-a11y";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import ts from "typescript-eslint";

export default ts.config(
  { ignores: ["dist", "node_modules", "src/api/schema.d.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      // The router's redirects and not-found are thrown by design.
      "@typescript-eslint/only-throw-error": "off",
      "max-lines": ["error", { max: 600 }],
      "no-console": "error",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ...a11y.flatConfigs.strict,
    plugins: { "jsx-a11y": a11y, "react-hooks": hooks },
    rules: {
      ...a11y.flatConfigs.strict.rules,
      ...hooks.configs.recommended.rules,
      // TanStack Table and Virtual hand out functions that React's compiler cannot memoise; we do not use the compiler.
      "react-hooks/incompatible-library": "off",
    },
  },
  { files: ["*.js"], languageOptions: { globals: globals.node } },
  prettier,
);
