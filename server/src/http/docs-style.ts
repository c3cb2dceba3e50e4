/**
 * The style sheet of `/docs`: system fonts, light and dark by the reader's setting, one column from 320 px on; wide tables scroll
 * inside their own box. Contrast is at least 4.5 to 1 in both schemes (WCAG 2.2, 1.4.3).
 */
export const docsStyle = `:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1b1f24; --quiet: #57606a; --line: #d0d7de; --tint: #f3f5f7; --link: #0a58a8; --focus: #b35900;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161b; --ink: #e8ebee; --quiet: #a3adb8; --line: #3a434d; --tint: #1c2229; --link: #7cb7f5; --focus: #ffb15c; }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto; padding: 1rem; max-width: 62rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere;
}
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.skip { position: absolute; inset-inline-start: -100vw; }
.skip:focus { position: static; display: inline-block; padding: .5rem; }
h1 { font-size: 1.7rem; line-height: 1.2; }
h2 { margin-top: 2.5rem; padding-bottom: .3rem; border-bottom: 2px solid var(--line); }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; }
code, .method { font-family: ui-monospace, monospace; font-size: .92em; }
.method { font-weight: 700; }
.count { color: var(--quiet); }
nav details { border-bottom: 1px solid var(--line); }
nav summary { padding: .6rem 0; cursor: pointer; font-weight: 600; }
nav ul { list-style: none; margin: 0 0 .8rem; padding: 0; }
nav li a { display: block; padding: .3rem 0; }
article { margin: 1.25rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: .5rem; }
article:target { border-color: var(--focus); }
.scroll { overflow-x: auto; margin-top: .75rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
caption { text-align: start; font-weight: 600; padding-bottom: .25rem; }
th, td { text-align: start; vertical-align: top; padding: .35rem .6rem .35rem 0; border-top: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; overflow-wrap: normal; }
td { min-width: 4rem; }
@media print { nav, .skip { display: none; } article { break-inside: avoid; } }
`
