// node tabler.mjs CHECKOUT ALLAUTH OUT: see .ci/tabler.
import { readFileSync, writeFileSync } from "node:fs";
import postcss from "postcss";
import { PurgeCSS } from "purgecss";

const [, , root, allauth, out] = process.argv;
const content = [
  `${root}/src/proxeny/**/*.{html,js,py,svg}`,
  `${allauth}/templates/**/*.html`,
];
// A word of letters, digits, hyphens and underscores may be a class, wherever it stands.
const extractor = (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [];

const named = [];
for (const name of ["tabler.min.css", "tabler.rtl.min.css"]) {
  const css = readFileSync(`node_modules/@tabler/core/dist/css/${name}`, "utf8").replace(
    /\n?\/\*# sourceMappingURL=[^*]*\*\/\s*$/, "\n");
  const [{ css: kept }] = await new PurgeCSS().purge({
    content,
    css: [{ raw: css }],
    defaultExtractor: extractor,
    // Said by browsers and scripts, not by templates.
    safelist: { standard: ["html", "body", ":root"], greedy: [/data-bs-theme/] },
    keyframes: true,
    fontFace: false,
    skippedContentGlobs: [`${root}/src/proxeny/web/static/vendor/**`, `${root}/src/proxeny/**/locale/**`],
  });
  writeFileSync(`${out}/${name}`, kept);
  // Names that a selector asks for alone, so that a test can tell which are used and missing.
  const alone = new Set();
  postcss.parse(css).walkRules(({ selector }) => {
    for (const one of selector.split(",")) {
      const names = new Set([...one.matchAll(/\.(-?[A-Za-z_][A-Za-z0-9_-]*)/g)].map((found) => found[1]));
      if (names.size === 1) alone.add([...names][0]);
    }
  });
  named.push(alone);
}
// Some rules are for one direction of writing only.
const both = [...named[0]].filter((one) => named[1].has(one)).sort();
writeFileSync(`${root}/.ci/tabler-classes.txt`, both.join("\n") + "\n");
