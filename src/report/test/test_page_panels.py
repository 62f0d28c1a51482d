#!/usr/bin/python3
"""The panels of the page: what they say is what the tables of the experiment have, and everything follows the state."""
import csv, os, re, sys

sys.path.insert(0, os.path.dirname(__file__))
from page_browser import Browser, FOLDER, Keys

browser = Browser()
check, js = browser.check, browser.js


def rows_of(name):
    with open(os.path.join(FOLDER, "sweep", name), encoding="utf-8") as file:
        return list(csv.DictReader(file))


summary, runs = rows_of("summary.csv"), rows_of("runs.csv")


def text(selector):
    return js("return document.querySelector(arguments[0])?.innerText ?? ''", selector)


def box(selector):
    return js("const b = document.querySelector(arguments[0]).getBoundingClientRect(); return [b.left, b.top, b.width, b.height]", selector)


def settle():
    """Two frames: the page has drawn what was asked for."""
    browser.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))")


def epoch_shown():
    return js("return document.querySelector('.epoch input').value")


def near(a, b, digits):
    """Whether two numbers are equal to so many digits, or both are none."""
    return a == b or abs(a - b) <= max(abs(a), abs(b)) * 0.6 * 10 ** (1 - digits) + 3e-4


def test_cards_equal_the_summary():
    """Cards under the pointer have the numbers of summary.csv."""
    browser.open("sweep", "#v1&est=width")
    left, top, width, height = box("#p-plane canvas[role=img]")
    found, seeds = 0, {(r["network.activation"], r["network.hidden"], r["seed"]): r["run"] for r in summary}
    layers = {r["run"]: max(int(q["layer"]) for q in summary if q["run"] == r["run"]) for r in summary[:: max(1, len(summary) // 400)]}
    for i in range(120):
        if found == 8:
            break
        browser.hover(left + 50 + (width - 60) * (i * 0.61803 % 1), top + 20 + (height - 60) * (i * 0.7549 % 1))
        settle()
        lines = js("const c = document.getElementById('card'); return c && !c.hidden ? [...c.children].map(e => e.textContent) : []")
        if not lines:
            continue
        card = "\n".join(lines)
        seed, name = re.search(r"seed (\d+)", card).group(1), re.search(r"layer (out(?:−\d)?)", card).group(1)
        hidden, activation = re.search(r"hidden (\[.*?\])", card).group(1), re.search(r"activation (\w+)", card).group(1)
        run = seeds[activation, hidden, seed]
        layer = layers.get(run, 0) - (int(name[4:]) if len(name) > 3 else 0)
        epoch = re.search(r"epoch (\d+)", card).group(1)
        row = next(r for r in summary if (r["run"], r["epoch"], r["layer"], r["estimator"]) == (run, epoch, str(layer), "width"))
        for symbol, column in (("I\\(X;T\\)", "ixt"), ("I\\(T;Y\\)", "ity")):
            shown = float(re.search(symbol + r" ([\d.]+)", card).group(1))
            check(near(shown, float(row[column]), 4), f"card {card!r}: {column} is {row[column]} in summary.csv")
        check(near(float(re.search(r"test ([\d.]+)", card).group(1)), float(row["test_accuracy"]), 4), f"card {card!r}: test accuracy {row['test_accuracy']}")
        found += 1
    check(found >= 5, f"only {found} of 120 places of the plane have a card")


def test_decreases_equal_runs():
    """The panel of decreases counts as runs.csv does."""
    browser.open("sweep")
    cells = js("return [...document.querySelectorAll('#p-falls tbody td button')].map(b => b.getAttribute('aria-label'))")
    first = [r for r in runs if (r["network.activation"], r["network.hidden"]) == first_configuration()]
    check(len(cells) >= 9, f"{len(cells)} cells of decreases")
    for label in cells:
        name, estimator, said = re.match(r"layer (out(?:−\d)?).*?, ([\w:=.]+): (.*)", label).groups()
        depth = max(int(r["layer"]) for r in first)
        layer = depth - (int(name[4:]) if len(name) > 3 else 0)
        drops = [float(r["ixt_drop"]) for r in first if r["layer"] == str(layer) and r["estimator"] == estimator]
        down = sum(d >= 0.1 for d in drops)
        if said.startswith("saturated"):
            continue
        match = re.match(r"(\d+) of (\d+) decrease, mean ([\d.]+)", said)
        if match:
            check((int(match[1]), int(match[2])) == (down, len(drops)) and near(float(match[3]), sum(drops) / len(drops), 3), f"{label}: runs.csv has {drops}")
        else:
            check(down == 0, f"{label}: runs.csv has {drops}")


def test_one_network_is_described():
    """The sentences about one network have the numbers of its curve: largest, lowest after it, last; gradients too."""
    for run in sorted({r["run"] for r in runs})[:3]:
        browser.open("sweep", f'#v1&est=edges&k=out-1&f="{run}"'.replace('"', "%22"))
        last = max(int(r["layer"]) for r in runs if r["run"] == run)
        curve = [(int(r["epoch"]), float(r["ixt"])) for r in summary if (r["run"], r["layer"], r["estimator"]) == (run, str(last - 1), "edges")]
        peak = max(v for _, v in curve)
        at = next(e for e, v in curve if v == peak)
        low, low_at = min((v, e) for e, v in curve if e >= at)
        said = text("#p-layers .finding")
        if "does not decrease" in said:
            check(peak - curve[-1][1] < 0.1, f"{run}: {said}")
            continue
        if "saturated" in said:
            continue
        numbers = [float(x) for x in re.findall(r"(?<![\w.])(\d+(?:\.\d+)?) bit", said)]
        dips = curve[-1][1] - low >= 0.1
        expected = [peak, *([low] if dips else []), curve[-1][1], peak - curve[-1][1]]
        check(len(numbers) == len(expected) and all(near(a, b, 3) for a, b in zip(numbers, expected)), f"{run}: {said}, not {expected}")
        check(("rises again" in said) == dips and (not dips or f"at epoch {low_at}" in said), f"{run}: {said}, lowest at {low_at}")


def test_what_a_reader_expects():
    """A link opens its part and keeps the state, tables reach every curve and epoch, a click on a curve sets the epoch
    alone, only the names of hidden layers are struck out, and pictures and files say what they show."""
    browser.open("sweep", "#v1&k=out-1&pin=0")
    js("document.querySelector('.facts a').click()")
    check(js("return document.getElementById('report').open"), "the link to the report leaves it closed")
    check("k=" in js("return location.hash") or js("return location.hash").startswith("#v1"), "a link loses the state")
    js("scrollTo(0, 0)")
    for panel in ("layers", "loss"):
        js("document.querySelector(`#p-${arguments[0]} .tools button`).click()", panel)
        settle()
        cells = js("return [...document.querySelectorAll(`#p-${arguments[0]} .sheet tr`)].map(r => [...r.cells].map(c => c.innerText))", panel)
        heads = " ".join(cells[0])
        check(("accuracy" in heads and "test loss" in heads) if panel == "loss" else ("out:" in heads and "I(T;Y)" in heads), f"columns of {panel}: {heads}")
        check(cells[-1][0] == max((r["epoch"] for r in summary), key=int) and len({len(row) for row in cells}) == 1, f"the last row of {panel}: {cells[-1]}")
        js("document.querySelector(`#p-${arguments[0]} .tools button`).click()", panel)
    settle()
    struck = "return [...document.querySelectorAll('.chip')].map(c => [c.querySelector('input').checked, getComputedStyle(c.querySelector('button')).textDecorationLine])"
    check(all(line == "none" for _, line in js(struck)), f"names of shown layers are struck out: {js(struck)}")
    browser.keys("1")
    settle()
    check([shown for shown, line in js(struck) if line != "none"] == [False], f"a hidden layer: {js(struck)}")
    browser.keys("a")
    focus = js("return document.querySelector('.chip button[aria-pressed=true]').innerText")
    left, top, width, height = box("#p-layers canvas[role=img]")
    for y in (0.1, 0.25, 0.35):
        browser.click(left + width * 0.5, top + height * y)
        settle()
    check(js("return document.querySelector('.chip button[aria-pressed=true]').innerText") == focus, "a click on a curve changes the layer in focus")
    check(epoch_shown() != "99", "a click on a curve does not set the epoch")
    js("document.getElementById('p-loss').scrollIntoView()")
    settle()
    left, top, width, height = box("#p-loss canvas[role=img]")
    for i in range(20):
        browser.hover(left + width * 0.5, top + 20 + i * height / 45)
        settle()
        if js("return !(document.getElementById('card')?.hidden ?? true)"):
            break
    card = text("#card")
    check(all(word in card for word in ("train loss", "test loss", "train accuracy", "test accuracy")), f"the card of the losses: {card!r}")
    card_left, _, card_width, _ = box("#card")
    check(card_left >= left + width or card_left + card_width <= left, "the card covers the curves")
    js("window.saved = []; HTMLAnchorElement.prototype.click = function () { fetchText(this); };"
       "window.fetchText = a => saved.push(a.download)")
    js("[...document.querySelectorAll('#p-plane .tools button')].find(b => b.innerText === 'svg').click()")
    epoch = epoch_shown()
    name = js("return saved[0]")
    check("edges" in name and f"epoch{epoch}" in name, f"the name of a picture: {name}")


def first_configuration():
    name = text("#p-falls caption").split(" in bits, ")[1]
    return re.search(r"activation (\w+)", name).group(1), re.search(r"hidden (\[.*?\])", name).group(1)


def test_the_address_keeps_the_state():
    """An address gives the same picture twice, and changes follow into it."""
    state = "#v1&e=20&est=kde_upper&l=out-1,out&g=0,1&k=out-1&pin=1&ax=share&f=activation%3Dtanh"
    pictures = []
    for _ in range(2):
        browser.open("sweep", state)
        settle()
        pictures.append(browser.driver.get_screenshot_as_base64())
    check(pictures[0] == pictures[1], "an address opened twice gives two pictures")
    check(js("return location.hash.length") > 40, "the address lost its state")
    browser.keys(Keys.ARROW_LEFT)
    settle()
    epoch = epoch_shown()
    check(int(epoch) < 19, f"the slider stays at {epoch}")
    browser.wait(f"location.hash.includes('e={epoch}&')", "the address does not follow the slider")
    js("location.hash = '#v1&e=0'")
    browser.wait("document.querySelector('.epoch input').value === '0'", "a new address is not read")
    browser.open("sweep", "#v1&e=-7&est=none&l=99&pin=4000&z=1&g=x&cfg=1e9&p=<b>")
    check(epoch_shown() == "0", "numbers out of range are not clamped")


def test_filter_brush_and_pins():
    """The filter and the brushes show fewer networks everywhere; ticks pin."""
    browser.open("sweep", "#v1&g=0,1,2,3")
    check("all 8 networks shown" in text(".shown"), f"at the start: {text('.shown')}")
    browser.keys("f")
    browser.keys("activation=tanh seed=1")
    browser.wait("document.querySelector('.shown').innerText.includes('2 of 8')", "the filter does not show two of eight")
    check(js("return document.querySelectorAll('#p-sweep tbody tr').length") == 2, "the table has other networks than the filter")
    browser.keys(" nothing=1")
    browser.wait("document.querySelector('#p-sweep').innerText.includes('is no column')", "a column that is unknown is not named")
    browser.keys(Keys.ESCAPE, Keys.ESCAPE)
    browser.wait("document.querySelector('.shown').innerText.includes('all 8')", "Escape does not clear the filter")
    browser.open("sweep", "#v1&f=nobody")
    check("No network has “nobody”" in text("#p-sweep"), "a word that is in no name is not named")
    for panel in ("plane", "layers", "loss", "geometry", "scatter"):
        js(f"document.getElementById('p-{panel}').scrollIntoView()")
        browser.wait(f"document.querySelector('#p-{panel} .chart svg').textContent.includes('No network is shown')", f"{panel}: without networks")
        check(js(f"return document.querySelectorAll('#p-{panel} .chart svg text').length") == 1 or panel == "plane", f"{panel}: axes of nothing")
    browser.open("sweep", "#v1&f=test%20accuracy%3C2%20seed%3D1")
    check("4 of 8" in text(".shown") and "is no column" not in text("#p-sweep"), f"the headings of columns in a filter: {text('.shown')}")
    browser.open("sweep", "#v1&g=0,1,2,3")
    js("document.querySelector('#p-sweep .brush').scrollIntoView({block: 'center'})")
    settle()
    left, top, width, height = box("#p-sweep .brush")
    browser.drag(left + width / 2, top + height / 2, left + width - 2, top + height / 2)
    accuracies = {r["run"]: float(r["test_accuracy"]) for r in runs}
    least = (min(accuracies.values()) + max(accuracies.values())) / 2
    kept = sum(a >= least for a in accuracies.values())
    browser.wait("document.querySelector('.shown').innerText.includes(' of 8')", "a brush does not choose")
    shown = int(re.search(r"(\d) of 8", text(".shown")).group(1))
    check(abs(shown - kept) <= 1, f"the brush shows {shown} networks, {kept} are above the middle")
    check(js("return document.querySelectorAll('#p-sweep tbody tr').length") == shown, "the table has other networks than the brush")
    js("document.querySelector('#p-sweep tbody input').click()")
    browser.wait("document.querySelector('.shown').innerText.includes('1 pinned')", "a tick does not pin")
    js("document.querySelector('.shown button').click()")
    browser.wait("document.querySelector('.shown').innerText.includes('all 8 networks shown') && "
                 "!document.querySelector('.shown').innerText.includes('pinned')", "clear does not show all")


def test_keys():
    """Every key of the list does what it says."""
    browser.open("sweep", "#v1&e=0")
    browser.keys(Keys.ARROW_RIGHT)
    browser.wait("document.querySelector('.epoch input').value !== '0'", "→ does not move the slider")
    browser.keys("1")
    browser.wait("document.querySelectorAll('.chip.off').length === 1", "1 does not hide a layer")
    browser.keys("a")
    browser.wait("document.querySelectorAll('.chip.off').length === 0", "a does not show all layers")
    before = js("return document.querySelector('#p-layers .finding').innerText")
    browser.keys("e")
    settle()
    check(text("#p-layers .finding") != before, "e does not change the estimator")
    browser.keys("t")
    browser.wait("document.querySelector('#p-plane .sheet caption')?.innerText.length > 10", "t shows no table")
    browser.keys("?")
    browser.wait("document.querySelector('dialog').open", "? shows no list of keys")
    browser.keys(Keys.ESCAPE)
    browser.wait("!document.querySelector('dialog').open", "Escape does not close the list of keys")
    js("document.querySelector('#p-plane canvas[role=img]').focus()")
    browser.keys(Keys.ARROW_UP)
    browser.wait("document.getElementById('card')?.innerText.includes('I(X;T)')", "↑ shows no point of the plane")
    browser.keys("p")
    browser.wait("document.querySelector('.shown').innerText.includes('1 pinned')", "p does not pin")
    js("document.activeElement.blur()")
    browser.keys(" ")
    browser.wait("document.querySelector('.bar button').innerText !== '▶'", "space does not play")
    browser.keys(" ")
    browser.wait("document.querySelector('.bar button').innerText === '▶'", "space does not pause")
    browser.open("sweep", "#v1&p=looks")
    check(js("return document.querySelector('#p-looks').classList.contains('full')"), "p=looks does not fill the window")
    browser.keys(Keys.ESCAPE)
    browser.wait("!document.querySelector('.full')", "Escape does not leave the whole window")


def test_accessible():
    """Pictures have labels that follow the state; a table each; targets of 24 pixels."""
    browser.open("sweep", "#v1&e=10")
    settle()
    labels = js("return [...document.querySelectorAll('canvas[role=img]')].map(c => c.getAttribute('aria-label'))")
    check(len(labels) == 7 and all(len(label) > 20 for label in labels), f"labels of pictures: {labels}")
    check("epoch" in labels[0] and "bits of X" in labels[0], f"the label of the plane: {labels[0]}")
    small = js("return [...document.querySelectorAll('#explore button, #explore select, #explore input')].filter(e => e.offsetParent && e.type !== 'checkbox')"
               ".map(e => [e.innerText || e.title, e.getBoundingClientRect()]).filter(([, b]) => b.width < 24 || b.height < 24).map(([t, b]) => t + ' ' + b.width + ' ' + b.height)")
    check(not small, f"small targets: {small[:5]}")
    for panel in ("plane", "layers", "falls", "loss", "geometry", "scatter", "looks", "sweep"):
        js("document.querySelector(`#p-${arguments[0]} .tools button`).click()", panel)
    tables = js("return [...document.querySelectorAll('.sheet table')].map(t => [t.caption.innerText, t.tBodies[0].rows.length])")
    check(len(tables) == 8 and all(caption and n > 0 for caption, n in tables), f"tables of panels: {tables}")


def test_points_of_a_layer():
    """A label dims, an axis turns when it is dragged, and `turn` turns all."""
    browser.open("sweep", "#v1&k=out-2&net=0")
    js("document.querySelector('#p-looks').scrollIntoView({block: 'center'})")
    settle()
    picture = "return document.querySelectorAll('#p-looks canvas[role=img]')[1].toDataURL()"
    first = js(picture)
    js("document.querySelector('#p-looks .legend button').click()")
    settle()
    check(js("return document.querySelector('#p-looks .legend button').getAttribute('aria-pressed')") == "false", "a label is not dimmed")
    dimmed = js(picture)
    check(dimmed != first, "a label that is dimmed looks the same")
    units = int(re.search(r": (\d+) unit", js("return document.querySelectorAll('#p-looks canvas[role=img]')[1].getAttribute('aria-label')")).group(1))
    left, top, width, height = js("const b = document.querySelectorAll('#p-looks canvas[role=img]')[1].getBoundingClientRect(); return [b.left, b.top, b.width, b.height]")
    radius = 0.9 * (min(width, height) / 2 - 20) * (2 / units) ** 0.5
    x, y = left + width / 2 + radius, top + height / 2 + 8
    browser.drag(x, y, x - 30, y - 60)
    settle()
    dragged = js(picture)
    check(dragged != dimmed, "an axis that is dragged does not turn the points")
    turn = "[...document.querySelectorAll('#p-looks button')].find(b => b.innerText === 'turn').click()"
    js(turn)
    settle()
    settle()
    js(turn)
    check(js(picture) != dragged, "turn does not turn the points")
    browser.wait("location.hash.includes('cloud=')", "the turned cloud is not in the address")


browser.run_tests(globals())
