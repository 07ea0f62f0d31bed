import { expect, test } from 'vitest';
import { course, logRules, play, proof, waiterSays } from './support.ts';

test.each(['healthy-fast','healthy','crash-loop','missing-secret','rolled-back','zero','no-op','not-deployed','superseded','image-pull','placement','hook-awaiting','code-deploy','canary','rollback-by-alarm','stopped','inactive','draining','never-starts','slow','spot','daemon-empty'])('%s', async (script) => {
  const t = performance.now();
  const p = await play({ script, wish: {}, ...(script === 'rolled-back' ? {lateSeconds: 110}: {}), rules: script.startsWith('healthy') ? { logs: logRules() } : {} });
  const v = p.last.verdict;
  console.log(script, Math.round(performance.now()-t)+'ms', p.looks.length, p.last.seconds, JSON.stringify(course(p)), v.outcome, v.row, v.isFinal, v.reason, '|', v.remedy, '|', JSON.stringify(v.failures.map(f=>[f.stoppedReason.slice(0,60),f.exitCode])), v.digest?.slice(0,12), v.excerpts.map(e=>e.lines.length), v.evidence.map(e=>e.label+'='+e.value).join('; '), await waiterSays(p));
});
