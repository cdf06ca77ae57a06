/** How a report looks: light and dark, wide and narrow, and on paper. */
export const reportStyle = `
:root { color-scheme: light dark; --ground: #fff; --text: #1b1f24; --dim: #59636e; --rule: #d1d9e0; --main: #0969da; --soft: #b6d7ff; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #0d1117; --text: #e6edf3; --dim: #9198a1; --rule: #3d444d; --main: #79c0ff; --soft: #1f4a7a; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --text: #000; --dim: #444; --rule: #bbb; --main: #0550ae; --soft: #b6d7ff; }
  * { print-color-adjust: exact; }
  details { display: none; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
h2 { margin: 0 0 .5rem; font-size: 1rem; }
header p { margin: .25rem 0; color: var(--dim); overflow-wrap: anywhere; }
header .missing { color: var(--text); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1px; margin: 1.25rem 0; background: var(--rule); border: 1px solid var(--rule); }
.figures div { padding: .6rem .8rem; background: var(--ground); }
dt { color: var(--dim); font-size: .85rem; }
dd { margin: 0; }
figure { margin: 1.5rem 0; break-inside: avoid; }
figcaption { font-weight: 600; }
figcaption span { color: var(--dim); font-weight: 400; font-size: .85rem; }
.plot { position: relative; border-bottom: 1px solid var(--rule); border-top: 1px dashed var(--rule); margin-top: 1.5rem; }
.plot .end { position: absolute; right: 0; top: -1.4rem; color: var(--dim); font-size: .85rem; }
svg { display: block; width: 100%; height: 8rem; }
.area { fill: var(--soft); }
.line { fill: none; stroke: var(--main); stroke-width: 2; vector-effect: non-scaling-stroke; }
.bar { fill: var(--main); }
.axis { display: flex; justify-content: space-between; gap: 1rem; color: var(--dim); font-size: .85rem; }
.axis span:last-child { text-align: right; }
.shares { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 1.5rem; }
section { break-inside: avoid; min-width: 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .25rem .5rem .25rem 0; text-align: left; font-weight: 400; }
section th { overflow-wrap: anywhere; }
section td { white-space: nowrap; }
meter { width: 5rem; }
.all { font-variant-numeric: tabular-nums; }
.all th, .all td { white-space: nowrap; border-bottom: 1px solid var(--rule); padding-right: 1rem; }
.wide { overflow-x: auto; }
details { margin: 1.5rem 0; }
summary { cursor: pointer; }
footer { margin-top: 2rem; color: var(--dim); font-size: .85rem; }
`;
