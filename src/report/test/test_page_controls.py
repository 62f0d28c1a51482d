#!/usr/bin/python3
"""The bar of the page by pointer and by keys, its tables on a phone, and pictures in a window that changes its size."""
import os, sys

sys.path.insert(0, os.path.dirname(__file__))
from page_browser import Browser, Keys

browser = Browser()
check, js = browser.check, browser.js
EPOCH, SHOWN = "document.querySelector('.epoch input').value", "document.querySelectorAll('.chip .pin input:checked').length"


def settle():
    browser.driver.execute_async_script("const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))")


def test_an_epoch_is_typed():
    """g, digits and Enter: the last logged epoch at or before; what is no number changes nothing."""
    browser.open("sweep", "#v1&e=0")
    logged = js("const m = JSON.parse(document.getElementById('ip-meta').textContent); let e = 0; return m.epochs[0].map(d => e += d)")
    unlogged = next(e for e in range(logged[-1]) if e not in logged)
    before = max(e for e in logged if e < unlogged)
    for typed, want in ((str(unlogged), before), ("x", before), ("1e9", logged[-1]), ("-3", logged[0]), ("", logged[0])):
        browser.keys("g", *([Keys.DELETE] if not typed else typed), Keys.ENTER)
        settle()
        check(js("return " + EPOCH) == str(want) and js("return document.activeElement === document.body"),
              f"typing {typed!r} gives epoch {js('return ' + EPOCH)}, not {want}")
        check(js("return document.querySelector('.time input[type=range]').getAttribute('aria-valuetext')").startswith(f"epoch {want} of"),
              f"the slider does not follow {typed!r}")
    browser.keys("g", "1", "2", Keys.ESCAPE)
    settle()
    check(js("return document.activeElement === document.body"), "Escape does not leave the field")


def test_speed():
    """Keys and the choice set the speed, which ends at both sides."""
    browser.open("sweep")
    speed = "return Number(document.querySelector('.time select').value)"
    browser.keys(">")
    settle()
    check(js(speed) == 2, f"> does not play faster: {js(speed)}")
    browser.keys("<", "<", "<", "<", "<")
    settle()
    check(js(speed) == 0.25, f"< does not play slower, or too slow: {js(speed)}")
    browser.keys(" ")
    settle()
    check(js("return document.querySelector('.time button').getAttribute('aria-label')").startswith("Pause"), "the button of play does not name what it does")
    browser.keys(" ")


def test_one_layer():
    """Its button or i shows only a layer, in focus; the same again shows all."""
    browser.open("sweep")
    all_layers = js("return " + SHOWN + " - document.querySelectorAll('[aria-label=\"Configurations in the plane\"] input:checked').length")
    chips = "[aria-label=Layers] .chip"
    only = f"return [...document.querySelectorAll('{chips} .only')].map(b => b.getAttribute('aria-pressed')).join()"
    js(f"document.querySelectorAll('{chips} .only')[1].click()")
    settle()
    check(js(only) == "false,true,false,false" and js(f"return document.querySelectorAll('{chips} input:checked').length") == 1, f"one click does not isolate a layer: {js(only)}")
    check(js(f"return document.querySelectorAll('{chips}')[1].querySelector('[aria-pressed=true]:not(.only)') !== null"), "the layer that is alone is not in focus")
    browser.wait("/l=out-2(&|$)/.test(location.hash)", "the layer that is alone is not in the address")
    js(f"document.querySelectorAll('{chips} .only')[1].click()")
    settle()
    check(js(f"return document.querySelectorAll('{chips} input:checked').length") == all_layers, "a second click does not bring all layers back")
    browser.keys("i")
    settle()
    check(js(only) == "false,true,false,false", f"i does not isolate the layer in focus: {js(only)}")
    browser.keys("i")
    settle()
    check("true" not in js(only), "a second i does not bring all layers back")


def test_the_link():
    """The button and l put the address of the view into the clipboard; without one, it is shown."""
    browser.open("sweep", "#v1&e=0")
    js("const live = document.querySelector('[aria-live]'); window.said = [];"
       "new MutationObserver(() => window.said.push(live.textContent)).observe(live, {childList: true});")
    js("window.copied = []; navigator.clipboard.writeText = async text => { window.copied.push(text); };")
    browser.keys("i")
    browser.keys("l")
    browser.wait("window.copied.length === 1", "l copies nothing")
    check("#v1&e=0&l=out" in js("return window.copied[0]") and js("return window.copied[0]").startswith("file:"), f"copied: {js('return window.copied[0]')}")
    browser.wait("[...document.querySelectorAll('.bar button')].some(b => b.textContent === 'copied')", "the button does not confirm")
    browser.wait("window.said.includes('The link is copied.')", "it is not said aloud")  # half a second later, the plane may be
    js("navigator.clipboard.writeText = async () => { throw new Error('not allowed'); };")
    browser.keys("l")
    browser.wait("document.querySelector('dialog[open] input').value.includes('#v1&e=0&l=out')", "no address is shown where there is no clipboard")
    browser.keys("g")
    check(js("return document.querySelector('dialog[open] input').value").endswith("g") is False, "the address can be typed over")
    js("document.querySelector('dialog[open] button').focus()")
    before = js("return " + SHOWN)
    browser.keys("i", "a", "?")
    settle()
    check(js("return " + SHOWN) == before and js("return document.querySelectorAll('dialog[open]').length") == 1, "keys reach the page behind the address")


def test_tables_on_a_phone():
    """Cells are below each other, or the table scrolls in a box whose edge is shaded and the names stay."""
    browser.open("sweep", width=390, height=844)
    check(js("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "the page scrolls sideways")
    wide = js("return [...document.querySelectorAll('.falls td, .falls th')].filter(e => e.getBoundingClientRect().right > innerWidth - 8).length")
    check(wide == 0, f"{wide} cells of the layers that compress are cut")
    heads = js("return [...document.querySelectorAll('.falls tbody tr:first-child td')].map(td => getComputedStyle(td, '::before').content)")
    check(heads == ['"edges"', '"kde_upper"', '"width"', '"agreement"'] or sorted(heads) == sorted(['"edges"', '"kde_upper"', '"width:size=0.07"', '"agreement"']), f"cells without their heads: {heads}")
    box = "document.querySelector('#p-sweep .rows')"
    check(js(f"return {box}.scrollWidth > {box}.clientWidth && getComputedStyle({box}).backgroundAttachment.includes('scroll')"), "a wide table without a shaded edge")
    js(f"{box}.scrollLeft = 200")
    check(js(f"return {box}.querySelector('tbody th').getBoundingClientRect().left - {box}.getBoundingClientRect().left") < 2, "the names of networks scroll away")
    small = js("return [...document.querySelectorAll('#explore button, #explore select, #explore input')].filter(e => e.offsetParent && e.type !== 'checkbox')"
               ".map(e => [e.innerText || e.title, e.getBoundingClientRect()]).filter(([, b]) => b.width < 24 || b.height < 24).map(([t, b]) => t + ' ' + b.width + ' ' + b.height)")
    check(not small, f"small targets: {small[:5]}")


def test_a_new_size_is_drawn_before_it_is_seen():
    """An observer that comes after the page's own, in the same frame, finds the picture in its new size."""
    browser.open("sweep")
    js("window.late = []; window.seen = 0; addEventListener('error', e => window.late.push(e.message));"
       "for (const place of document.querySelectorAll('#p-plane .place, #p-layers .place')) new ResizeObserver(() => {"
       "  window.seen++; const c = place.querySelector('canvas');"
       "  if (Math.abs(c.width - place.getBoundingClientRect().width) > 1) window.late.push(`${c.width} in ${place.clientWidth}`); }).observe(place);")
    settle()
    js("window.seen = 0")
    for width in (1200, 620, 390):
        browser.cdp("Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=False)
        settle()
    check(js("return window.seen") >= 6, f"the window did not change its size: {js('return window.seen')}")
    check(js("return window.late") == [], f"pictures of an old size, or complaints: {js('return window.late')}")


browser.run_tests(globals())
