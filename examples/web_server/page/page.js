'use strict';
const at = id => document.getElementById(id);

function time(seconds) {
  if (seconds < 60) return seconds.toFixed(1) + ' s';
  if (seconds < 3600) return Math.floor(seconds / 60) + ' min ' + Math.floor(seconds % 60) + ' s';
  return Math.floor(seconds / 3600) + ' h ' + Math.floor(seconds % 3600 / 60) + ' min';
}

// Names come from the program: as text, never as HTML.
function rows(body, all) {
  body.replaceChildren(...all.map(cells => {
    const row = document.createElement('tr');
    for (const [text, style, label] of cells) {
      const cell = document.createElement('td');
      cell.textContent = text;
      if (style) cell.className = style;
      if (label) cell.dataset.label = label;
      row.append(cell);
    }
    return row;
  }));
}

function verdict(text, style) {
  at('verdict').textContent = text;
  at('verdict').className = 'verdict ' + style;
}

function showEnding(end, phase) {
  at('ending').hidden = !end;
  if (!end) return;
  at('ending-bar').value = end.done;
  at('ending-text').textContent = `${phase}: ${end.of - end.left} of ${end.of} done, for ${time(end.since)}` +
    ` (the deadline is ${time(end.deadline)})`;
}

function show(now) {
  if (now.exit) verdict('ending: ' + now.phase, 'warn');
  else verdict(now.ready ? 'ready' : 'not ready', now.ready ? 'good' : 'warn');
  showEnding(now.exit, now.phase);
  at('requests').textContent = now.requests;
  at('written').textContent = now.journal.written;
  at('unwritten').textContent = now.journal.queued;
  at('commits').textContent = now.journal.commits;
  at('ticks').textContent = now.timer.ticks;
  at('uptime').textContent = time(now.uptime);
  rows(at('pools'), now.pools.map(p => [[p.name], [p.workers, 'n'], [p.running, 'n'], [p.queued, 'n']]));
  rows(at('threads'), now.threads.map(t => [[t.number, 'n'], [t.name], [t.kind, 'kind-' + t.kind], [t.state, 'state-' + t.state],
    [time(t.age), 'n', 'age'], [t.cpu.toFixed(2) + ' s', 'n', 'CPU'], [t.where, '', t.where && 'at']]));
  at('last').textContent = now.last_exit || 'This is the first start here, or the last exit wrote no report.';
}

const events = new EventSource('/events');
let gone = false;
events.onmessage = message => show(JSON.parse(message.data));
events.addEventListener('gone', () => {
  gone = true;
  events.close();
  at('ending-bar').value = 1;
  verdict('has ended: nothing was left to do', 'bad');
});
events.onerror = () => { if (!gone) verdict('no connection', 'bad'); };

for (const button of document.querySelectorAll('button')) button.addEventListener('click', async () => {
  try {
    const method = button.dataset.method || 'POST';
    const answer = await fetch(button.dataset.url, { method, body: button.dataset.body });
    at('answer').textContent = `${button.textContent}: ${answer.status} ${(await answer.text()).trim()}`;
  } catch (error) {
    at('answer').textContent = `${button.textContent}: ${error.message}`;
  }
});
