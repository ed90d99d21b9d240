// SPDX-License-Identifier: Apache-2.0
// How the page looks: light and dark, on a narrow screen, on paper.
#include "check/output/html_parts.hpp"

namespace curfew::tool {

const char* const html_style = R"(
:root{color-scheme:light dark;--ink:#1d2430;--soft:#566072;--line:#d5dbe5;--page:#fff;--box:#f5f7fa;--lane:#c9d3e3;
--error:#b3261e;--warning:#8a5200;--clean:#1b6e3c;--step:#3d5fa8}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#a3adbd;--line:#3a4250;--page:#15181e;--box:#1d222b;
--lane:#3d4759;--error:#ff8a80;--warning:#f0b454;--clean:#74d196;--step:#86a8ec}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--page);max-width:72rem;margin:0 auto;
padding:1.5rem 1rem 3rem;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}h2{font-size:1.25rem;margin:2.2rem 0 .6rem}
h3{font-size:1rem;margin:1.3rem 0 .4rem}p{margin:.5rem 0}
a{color:inherit}
code{font:.92em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--box);
border-radius:3px;padding:.05em .25em;box-decoration-break:clone;-webkit-box-decoration-break:clone}
.verdict{font-size:1.1rem;font-weight:600}.errors{color:var(--error)}.warnings{color:var(--warning)}
.clean{color:var(--clean)}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15rem 1rem;margin:1rem 0}
dt{color:var(--soft)}dd{margin:0}
article{border:1px solid var(--line);border-left:5px solid var(--warning);border-radius:6px;padding:.9rem 1rem;
margin:1rem 0}
article.error{border-left-color:var(--error)}
article h3{margin:0 0 .6rem}
.label{font-size:.8rem;text-transform:uppercase;letter-spacing:.04em;color:var(--warning)}
.error .label{color:var(--error)}.count{color:var(--soft);font-weight:400;white-space:nowrap}
.do{background:var(--box);border-radius:4px;padding:.6rem .8rem;margin:0 0 .7rem}
details{margin:.4rem 0}summary{cursor:pointer;padding:.1rem 0}
article details>*:not(summary){margin-left:1rem}
.soft{color:var(--soft)}
.stack{list-style:none;font-size:.9rem;margin:.3rem 0;padding:0}
.stack li{padding:.12rem 0 .12rem 2.2rem;position:relative}
.stack .at{position:absolute;left:0;width:1.7rem;text-align:right;color:var(--soft)}
.stack .place{color:var(--soft)}.stack details{margin:0}.stack li.fold{padding-left:2.2rem}
.stack details .stack{margin:0 0 0 -2.2rem;font-size:1em}
.row .soft{white-space:nowrap}.row .what .soft{white-space:normal}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;padding:0;margin:.6rem 0;font-size:.9rem}
.legend li{display:flex;align-items:center;gap:.5rem}
.legend i{position:static;flex:none;margin:0;width:1.6rem;height:.75rem}
.legend i.dot{width:.7rem;height:.7rem;margin:0 .1rem}
i{position:absolute;display:block;print-color-adjust:exact;-webkit-print-color-adjust:exact}
i.lane{background:var(--lane);border-radius:2px;top:.2rem;height:1.1rem}
i.step{background:var(--step);border-radius:2px;top:.4rem;height:.7rem;min-width:3px}
i.dot{background:var(--step);border:1px solid var(--page);border-radius:50%;top:.4rem;width:.7rem;height:.7rem;
margin-left:-.35rem}
i.fault{background:var(--error);border-radius:1px;transform:rotate(45deg)}
.rows{list-style:none;padding:0;margin:0;font-size:.9rem}
.row{display:grid;grid-template-columns:minmax(0,19rem) minmax(0,1fr);gap:0 1.2rem;padding:.25rem 0;
border-bottom:1px solid var(--line);align-items:start}
.row>.what{grid-column:2;padding:0 .5rem}
.track{position:relative;height:1.5rem;margin:0 .5rem;background:var(--ticks);
print-color-adjust:exact;-webkit-print-color-adjust:exact}
.axis{position:sticky;top:0;background:var(--page);z-index:1;color:var(--soft);font-size:.9rem}
.axis .track{background:none}.axis .track span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.axis .track .first{transform:none;margin-left:-.3rem}.axis .track .last{transform:translateX(-100%);margin-left:.4rem}
.marks{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:0 1.1rem}
.marks .bad{color:var(--error)}
.timeline details{margin:0}.timeline summary{list-style:none}.timeline summary::-webkit-details-marker{display:none}
.timeline summary .name::before{content:"\25B8";display:inline-block;width:1em}
.timeline details[open]>summary .name::before{content:"\25BE"}
.timeline details .rows{box-shadow:-3px 0 var(--line)}.timeline details .rows .name{padding-left:1em}
@media(max-width:640px){body{font-size:15px;padding:1rem .75rem 2rem}
.row{grid-template-columns:minmax(0,1fr)}.row>.what{grid-column:1;padding:0}
dl{grid-template-columns:minmax(0,1fr);gap:0}dd{margin:0 0 .4rem}
article{padding:.7rem .75rem}article details>*:not(summary){margin-left:.3rem}}
@media print{html{font-size:10pt}body{max-width:none;padding:0;font-size:1rem}nav{display:none}.axis{position:static}
h2,h3,.do,summary{break-after:avoid}.row,.stack li,.do{break-inside:avoid}
article details::details-content{content-visibility:visible;display:block;block-size:auto}}
)";

}  // namespace curfew::tool
