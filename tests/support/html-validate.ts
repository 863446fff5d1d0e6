import type { ResolvedConfig } from 'html-validate';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';

/** Its rules and elements are read once: for every page anew they would take a sixth of the time. */
class KeptConfig extends StaticConfigLoader {
  #kept: ResolvedConfig | Promise<ResolvedConfig> | undefined;

  override getConfigFor(handle: string): ResolvedConfig | Promise<ResolvedConfig> {
    return (this.#kept ??= super.getConfigFor(handle));
  }
}

const loader = new KeptConfig({
  root: true,
  extends: ['html-validate:recommended', 'html-validate:a11y', 'html-validate:document'],
  rules: {
    // How the source looks is nobody's business but Prettier's.
    'no-trailing-whitespace': 'off',
    'long-title': 'off',
    'no-inline-style': 'error',
    'script-type': 'error',
    // Scripts and styles come from our own host, with addresses that change with their version.
    'require-sri': 'off',
    // The design system's drawer and icons.
    'prefer-native-element': ['error', { exclude: ['button', 'region', 'dialog'] }],
    'tel-non-breaking': 'off',
    // The drawer is a dialog with a heading of its own, which comes before the page's.
    'heading-level': ['error', { minInitialRank: 'any', sectioningRoots: [] }],
    // Several values of one name are how a list is chosen and kept.
    'form-dup-name': 'off',
  },
});
const validator = new HtmlValidate(loader);

/** What is wrong with a page, one line a fault; empty when it is valid HTML that assistive technology can read. */
export async function faultsOfHtml(html: string): Promise<string[]> {
  const report = await validator.validateString(html);
  return report.results.flatMap((result) =>
    result.messages.map(
      (fault) => `${fault.ruleId}: ${fault.message} (line ${fault.line}: ${lineOf(html, fault.line)})`,
    ),
  );
}

function lineOf(html: string, line: number): string {
  return (html.split('\n')[line - 1] ?? '').trim().slice(0, 160);
}
