import re
import pytest
from tests.access.probes import Clients, address_of
from tests.access.routes import ROUTES, PUBLIC
from lxml import html
def q(d,x): return d.xpath(x)
def test_boot(crowd):
    cl=Clients(crowd); out=[]
    for key,route in {**ROUTES,**PUBLIC}.items():
        if route.posts_only or " known" in key: continue
        who=next((w for w in ("a_manager","b_manager","a_member","b_member","c_manager",*route.readers) if w in route.readers),None)
        if key in PUBLIC: who="a_manager"
        if not who: continue
        try:
            a=cl[who].get(address_of(key,route,crowd))
        except Exception as e:
            out.append(f"ERR {key} {e!r}"[:200]); continue
        if a.status_code!=200 or "html" not in a.headers.get("Content-Type",""): continue
        d=html.fromstring(a.content)
        m=q(d,"//*[@id='main']")
        if not m: continue
        m=m[0]
        f=bool(q(m,".//form[@role='search']")); s=sorted({re.search(r"sort=-?([\w-]+)",h).group(1) for h in q(m,".//a/@href") if re.search(r"[?&]sort=-?[\w-]+",h) })
        x=[h for h in q(m,".//a/@href") if re.search(r"export|format=|form=(csv|xlsx)",h)]
        if f or s or x: out.append(f"{key}|{who}|{'F' if f else '.'}|{','.join(s)}|{x[:2]}")
    open("/tmp/lists/boot.txt","w").write("\n".join(out))
