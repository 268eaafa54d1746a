//! How the documentation looks, on a screen and on paper.

pub(super) const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8a8f9840;--quiet:#6a6f78;--code:#8a8f981f;--accent:#1d5fd1;\
font:16px/1.55 system-ui,sans-serif}\
@media(prefers-color-scheme:dark){:root{--quiet:#a2a8b3;--accent:#7aa7f7}}\
body{max-width:52rem;margin:3rem auto;padding:0 1.25rem}\
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}\
h2{font-size:1.25rem;margin:2.75rem 0 .75rem;padding-top:1.25rem;border-top:1px solid var(--line)}\
h3{font-size:1rem;margin:1.5rem 0 .5rem}\
p{margin:0 0 .75rem}\
.quiet{color:var(--quiet)}\
nav a{margin-right:1rem}\
a{color:var(--accent)}\
code,pre{font:.875rem/1.5 ui-monospace,monospace}\
code{background:var(--code);border-radius:.25rem;padding:.1em .3em;overflow-wrap:anywhere}\
pre{background:var(--code);border-radius:.5rem;padding:.75rem 1rem;overflow-x:auto;margin:0 0 1rem}\
pre code{background:none;padding:0}\
.wide{overflow-x:auto}\
table{border-collapse:collapse;width:100%;margin:0 0 1rem;font-size:.9375rem}\
th,td{text-align:left;vertical-align:top;padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line)}\
th{font-weight:600;color:var(--quiet);font-size:.8125rem}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.375rem 1.25rem;margin:1rem 0}\
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}\
.key{font-size:.75rem;border:1px solid var(--line);border-radius:.25rem;padding:0 .3em;margin-left:.4em}\
.note{border-left:4px solid var(--accent);padding:.25rem 0 .25rem .75rem}\
@media print{body{margin:0;max-width:none;font-size:11pt}nav{display:none}pre{white-space:pre-wrap}\
h2,h3{break-after:avoid}pre,tr{break-inside:avoid}}";
