import pickle
from tests.bids.test_searching import *
def test_dump(bid, offers, world):
    countries = ("NO", "IT", "DE", "ES", "PT")
    made = Organisation.objects.bulk_create(
        Organisation(name=f"Org {number}", country=countries[number % 5], visibility="public",
                     sort_name=f"org {number}",
                     summary=f"Boats number {number}" if number % 3 else "Sensors, law")
        for number in range(5000))
    Listing.objects.bulk_create(Listing(organisation=one, title="Sensors for boats") for one in made[:500])
    asked = ask(world.a.manager, bid, wish("sensors", "boats", "law", least=6, most=12))
    o, w, r = read(world.a.manager, asked)
    import dataclasses
    pickle.dump((o,w,r), open("/tmp/fts/p.pkl","wb"))
