from statements.tests.files import booked, csv

COFFEES = csv(
    [
        booked("03-01", "-2.50"),
        booked("03-01", "-2.50"),
        booked("03-02", "-30", "Market"),
        booked("03-03", "1000", "Salary"),
    ]
)


def test_x(api, ledger):
    base = f"/api/v1/ledgers/{ledger.pk}/imports/"
    from io import BytesIO

    f = BytesIO(COFFEES)
    f.name = "a.csv"
    r = api.post(base, {"files": [f]}, format="multipart")
    print(r.status_code, r.json(), r.headers)
    pk = r.json()["id"]
    r = api.get(f"{base}{pk}/lines/")
    print(r.json())
    ids = [l["id"] for l in r.json()["results"]]
    r = api.patch(
        f"{base}{pk}/lines/",
        [{"ids": ids, "category": ledger.category_set.first().pk}, {"id": ids[0], "notes": "x"}],
    )
    print(r.status_code, r.json(), r.headers)
    r = api.post(f"{base}{pk}/apply/", {"version": r.json()["version"]})
    print(r.status_code, r.json(), r.headers)
    r = api.get(base)
    print(r.json())
    r = api.post(base, {"files": [{"name": "x", "text": COFFEES.decode()}]})
    print(r.json()["lines"])
    assert 0
