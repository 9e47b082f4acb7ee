import sharp from "sharp";
import { crops } from "./crops.ts";
import { makePhoto, placeCrop } from "./make-crop.ts";
import { findSubject } from "#image/find-subject.ts";
import { lightOf, lightWithin } from "#card/light.ts";
import { onCard, shareStandingOut, averageAttention } from "#card/subject.ts";
const r=(e:any)=>`${e.left.toFixed(0)},${e.top.toFixed(0)}..${e.right.toFixed(0)},${e.bottom.toFixed(0)}`;
for (let i=0;i<crops.length;i+=2) {
  const crop = crops[i]!;
  const photo = await makePhoto(crop);
  const { product, placement } = placeCrop(crop, photo);
  const { data, info } = await sharp(photo.png).resize(64, 64, {fit:"inside"}).ensureAlpha().raw().toBuffer({resolveWithObject:true});
  const s = findSubject({width:info.width,height:info.height,rgba:data});
  const k=photo.widthPx/info.width;
  const sc=(q:any)=>({xPx:q.xPx*k,yPx:q.yPx*k,widthPx:q.widthPx*k,heightPx:q.heightPx*k});
  const W=product.trimWidthMm/2,H=product.trimHeightMm/2, m=product.safeMarginMm;
  let text="no subject";
  if(s){ const subj={...s,core:sc(s.core),whole:sc(s.whole)};
   const strips={l:{left:-W-m,right:-W+m,top:-H,bottom:H},r:{left:W-m,right:W+m,top:-H,bottom:H},t:{left:-W,right:W,top:-H-m,bottom:-H+m},b:{left:-W,right:W,top:H-m,bottom:H+m}};
   text=`conf ${s.confidence.toFixed(2)} core ${r(onCard(subj.core,placement,photo))} whole ${r(onCard(subj.whole,placement,photo))} photo ${r(onCard({xPx:0,yPx:0,widthPx:photo.widthPx,heightPx:photo.heightPx},placement,photo))} trim ${W.toFixed(0)},${H.toFixed(0)} strips ${Object.entries(strips).map(([n,e])=>n+shareStandingOut(subj,e,placement,photo).toFixed(2)).join(" ")}`;}
  const g = await sharp(photo.png).resize(256, 256, {fit:"inside"}).ensureAlpha().raw().toBuffer({resolveWithObject:true});
  const light = lightOf({columns: g.info.width, rows: g.info.height, rgba: new Uint8ClampedArray(g.data)}, "#ffffff");
  const lit={light,placement,photo};
  const lines=product.zones.filter(z=>z.rule==="legible").map(z=>{
    const said= z.kind==="card-number"?crop.judged.number:crop.judged.name;
    const widthMm = z.kind === "cardholder-name" ? 16 : z.widthMm;
    return [2.7,4,5,6].map(w=>{ let worst=99, full=99;
      for (let x=z.xMm; x+w<=z.xMm+z.widthMm+0.01; x+=w/4) {
        const v = lightWithin(lit,{left:x,right:x+w,top:z.yMm+0.25*z.heightMm,bottom:z.yMm+0.95*z.heightMm},6,5);
        const c=1.05/(v.reduce((a,b)=>a+b)/v.length+0.05); full=Math.min(full,c); if(x+w<=z.xMm+widthMm+0.01) worst=Math.min(worst,c);
      } return `${worst.toFixed(2)}(${full.toFixed(2)})`;}).join(" ")+` ${z.kind} ${said}`;
  });
  console.log(i, crop.photo, crop.product, "cut", crop.judged.isCut, "\n   ", text, "\n   ", lines.join("\n    "));
}
