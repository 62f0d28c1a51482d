/* style.h - how the page looks: in light and dark, on a phone and on paper. For report.c.
 *
 * Text has a contrast of at least 4.5:1 in both schemes; a test computes it from these colours. Figures are drawn for
 * white, and keep a white frame in the dark. Wide tables and figures scroll inside their own box.
 */
#ifndef IP_REPORT_STYLE_H
#define IP_REPORT_STYLE_H

static const char ip_report_style[] =
    ":root { color-scheme: light dark; --text: #1f2328; --quiet: #57606a; --page: #ffffff; --panel: #f3f4f6;\n"
    "        --line: #d0d4d9; --link: #0b57b7; }\n"
    "@media (prefers-color-scheme: dark) {\n"
    "  :root { --text: #e6e8eb; --quiet: #a5adb8; --page: #121417; --panel: #1d2126; --line: #3a4048;\n"
    "          --link: #8ab8ff; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { font-family: \"DejaVu Sans\", Verdana, sans-serif; max-width: 90rem; margin: 0 auto; padding: 1rem;\n"
    "       color: var(--text); background: var(--page); line-height: 1.5; overflow-wrap: anywhere; }\n"
    "a { color: var(--link); } h1 { margin-bottom: 0.25rem; } h2 { margin-top: 2.5rem; }\n"
    "p, li { max-width: 50rem; } code { overflow-wrap: anywhere; } .lead { font-size: 1.15rem; margin-top: 0; }\n"
    ".quiet { color: var(--quiet); }\n"
    "nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; list-style: none; max-width: none; }\n"
    "nav a { display: inline-block; padding: 0.25rem 0; }\n"
    "figure { margin: 2rem 0; } figcaption { margin-bottom: 0.5rem; }\n"
    ".picture { overflow-x: auto; background: #ffffff; border: 1px solid var(--line); padding: 0.5rem; }\n"
    ".picture img { display: block; max-width: max(100%, 60rem); height: auto; }\n"
    ".box { overflow-x: auto; margin: 1rem 0; }\n"
    "table { border-collapse: collapse; font-size: 0.85rem; overflow-wrap: normal; }\n"
    "caption { text-align: left; font-weight: bold; padding: 0.3rem 0; } th { font-weight: normal; text-align: left; "
    "}\n"
    "thead th { border-bottom: 1px solid var(--text); vertical-align: bottom; text-align: right; }\n"
    "thead th.text { text-align: left; }\n"
    "td, th { padding: 0.25rem 0.8rem 0.25rem 0; vertical-align: top; border-bottom: 1px solid var(--line); }\n"
    "td { text-align: right; white-space: nowrap; } td.text { text-align: left; white-space: normal; min-width: 12rem; "
    "}\n"
    "pre { font-size: 0.8rem; white-space: pre-wrap; background: var(--panel); padding: 1rem; }\n"
    "@media print {\n"
    "  :root { --text: #000000; --quiet: #333333; --page: #ffffff; --panel: #ffffff; --line: #999999;\n"
    "          --link: #000000; }\n"
    "  body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; } h2, h3 { break-after: avoid; }\n"
    "  figure { break-inside: avoid; } figcaption { break-after: avoid; } caption { break-after: avoid; }\n"
    "  .picture { border: 0; padding: 0; overflow: visible; } .picture img { max-height: 20cm; width: "
    "auto;\n"
    "  max-width: 100%; margin: 0; }\n"
    "  .box { overflow: visible; } table { font-size: 6.5pt; } td, th { padding: 1pt 3pt 1pt 0; } td { white-space: "
    "normal; }\n"
    "  thead { display: table-header-group; } tr { break-inside: avoid; } }\n";

#endif
