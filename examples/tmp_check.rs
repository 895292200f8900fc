#![allow(warnings, clippy::all)]
use kollektiv::{contract::Contract, tariff::Tariff, roster::Roster, quote::Quote};
use std::collections::BTreeMap;
fn main(){
 let t=Tariff::base();
 for (dir,f,pre) in [("zavod","roster.xlsx",false),("mistakes","roster.csv",false),("mistakes","roster.csv",true)] {
  let p=std::path::Path::new("samples").join(dir);
  let c=match Contract::open(&p.join("contract.toml"),&t){Ok(c)=>c,Err(e)=>{println!("{e:?}");continue}};
  let t0=std::time::Instant::now();
  let r=Roster::read(&[p.join(f)],&c.wanted(&t),&());
  println!("== {dir} read {:?}", t0.elapsed());
  let mut sk=BTreeMap::new();
  for s in &r.sheets { for (row,k) in &s.skipped { sk.entry(k.as_str()).or_insert(vec![]).push(*row);} println!("{} header {:?}", s.shown(), s.layout.as_ref().map(|l|l.header_row)); }
  println!("skipped {sk:?}");
  let q=match Quote::new(&c,&t,r,pre){Ok(q)=>q,Err(e)=>{println!("{e:?}");continue}};
  println!("{:?} {:?} {:?}", q.status,q.rows, t0.elapsed());
  let mut d=BTreeMap::new();
  for x in &q.roster.diagnostics { *d.entry(x.code.as_str()).or_insert(0)+=1; if !pre&&dir=="mistakes" {println!("  row {} col {:?} {} {:?} {:?}",x.place.row,x.place.column,x.code,x.value,x.message);} }
  println!("{d:?}");
  if let Some(p)=&q.price { println!("headcount {} lines {} premium {:?} corridor", p.headcount,p.lines.count,p.totals.premium); println!("{:?}", p.totals.plans); println!("{:?}",p.totals.instalments);
   let cols=&q.roster.insured; let mut ages=BTreeMap::new(); let mut risks=BTreeMap::new(); let mut own=0; let mut dates=0; let mut maxage=0;
   for a in &p.lines.admitted { *ages.entry(a.age_years/10*10).or_insert(0)+=1; *risks.entry(a.risk).or_insert(0)+=1; maxage=maxage.max(a.age_years); if cols.sum_insured(a.at as usize).is_some(){own+=1;} if cols.cover[a.at as usize]!=Some(c.term.period()){dates+=1;} }
   println!("ages {ages:?} max {maxage} risks {risks:?} own sums {own} own dates {dates}");
  }
 }
}
