import { it } from 'vitest'
import { auditWorld, event } from '/work/main/server/test/audit/audit-world.ts'
import { sqlite } from '/work/main/server/test/fresh-store.ts'
it('cost', async () => {
  const cpu=()=>{const u=process.cpuUsage();return (u.user+u.system)/1000}
  const w = await auditWorld(sqlite); const node = await w.start(1); const out:string[]=[]; const seal:string[]=[]
  for (let k=0;k<6;k++){ 
  const t0=cpu(); for(let b=0;b<50;b++) await Promise.all(Array.from({length:200},(_, i)=>w.store.write(7,function*(){ yield node.recorder.record(7+i%3,event(i)).queries; return 0 })))
  out.push(((cpu()-t0)/10).toFixed(1))
  w.clock.at+=1000
  const t1=cpu(); await node.sealer.tick(); await node.sealer.sent(); seal.push(((cpu()-t1)/10).toFixed(1))}
  console.log('UNITS',out.join(' '),'SEAL',seal.join(' '))
  await w.close()
})
