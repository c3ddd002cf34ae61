/// The style sheet of the page: one column, system fonts, the two colours of the figures, and a
/// print form.
let pageStyle = """
  :root { --ink: #1b1f24; --soft: #57606a; --line: #d8dee4; --wash: #f6f8fa;
    --first: #0072b2; --second: #d55e00; --good: #1a7f4b; --bad: #b42318; --mid: #7a5c00; }
  * { box-sizing: border-box; }
  body { margin: 0; color: var(--ink); background: #fff;
    font: 16px/1.55 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
  main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
  h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
  h2 { font-size: 1.3rem; margin: 3rem 0 .25rem; padding-top: .75rem;
    border-top: 1px solid var(--line); }
  h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
  p { margin: .5rem 0; }
  .soft, figcaption, caption { color: var(--soft); font-size: .9rem; }
  .verdict { margin: 1.5rem 0; padding: 1rem 1.25rem; background: var(--wash);
    border-left: 5px solid var(--first); }
  .verdict p { font-size: 1.15rem; margin: 0 0 .5rem; }
  .verdict ul { margin: .5rem 0 0; padding-left: 1.2rem; }
  nav ol { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; }
  a { color: var(--first); }
  .question { font-size: 1.05rem; color: var(--soft); margin: 0 0 .75rem; }
  .formula { background: var(--wash); padding: .5rem .75rem; overflow-x: auto; margin: .5rem 0;
    font: 1rem/1.5 "STIX Two Math", "Cambria Math", "DejaVu Serif", serif; white-space: pre-wrap; }
  .chip { display: inline-block; padding: 0 .5em; border-radius: 1em; font-size: .8rem;
    border: 1px solid currentColor; white-space: nowrap; vertical-align: middle; }
  .paired { color: var(--first); } .marginal { color: var(--second); }
  .holds { color: var(--good); } .fails { color: var(--bad); }
  .premise-not-met { color: var(--mid); } .not-applicable { color: var(--soft); }
  figure { margin: 1rem 0; }
  figure img { width: 100%; height: auto; border: 1px solid var(--line); background: #fff; }
  .table { overflow-x: auto; margin: .75rem 0; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .92rem; }
  caption { text-align: left; padding-bottom: .25rem; }
  th, td { padding: .3rem .8rem; border-bottom: 1px solid var(--line); text-align: right;
    vertical-align: top; }
  .wide table { font-size: .82rem; } .wide th, .wide td { padding: .3rem .4rem; }
  .wide tbody th { min-width: 5.5em; }
  td { white-space: nowrap; } td.long { white-space: normal; }
  th:first-child { text-align: left; font-weight: 500; }
  thead th { color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); }
  .theorems td, .theorems th { text-align: left; }
  .theorem { margin: 1.25rem 0; }
  .theorem h3 { margin: 0 0 .25rem; }
  details { margin: .5rem 0; } summary { cursor: pointer; color: var(--soft); }
  code, pre { font: .88rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
  pre { background: var(--wash); padding: .75rem; overflow-x: auto; white-space: pre-wrap;
    overflow-wrap: anywhere; }
  @media print { main { max-width: none; padding: 0; } h2 { break-after: avoid; }
    figure, .theorem { break-inside: avoid; } }
  """
