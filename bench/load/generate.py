#!/usr/bin/env python3
"""Invented organisations for the load measurements: a table as an office has it, with ten facts a row.

    generate.py 10000 members.csv          # UTF-8
    generate.py 100000 members.xlsx        # one sheet, shared strings as a spreadsheet program writes them
    generate.py 500000 second.csv 500000   # those from number 500,000 on

Region 120199 does not exist, so that no code is anybody's; both check digits of every code are right (GB 32100, GB 11714).
The same number gives the same organisation on every machine.
"""
import csv
import sys
import zipfile
from xml.sax.saxutils import escape

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = [pow(3, place, 31) for place in range(17)]
BODY_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

PLACES = ["天津", "津门", "海河", "滨城", "北辰", "河西", "南开", "武清"]
# Three of these make a name that no other number has.
BRANDS = list("宏远智创联信华腾云泰瑞丰达博通精诚鼎盛恒安嘉禾新天启航卓越凌峰致成德润海纳百川金石明东方正大中科育思源和"
              "美广同舟永兴昌隆立业星辰万里光元亨利贞玉树临江青松翠柏长河落日朝阳晨曦优佳益众合汇力拓展奥普康捷")
BODIES = [("91", ["科技有限公司", "信息技术有限公司", "软件有限公司", "智能装备有限公司", "数据服务有限公司"], 17),
          ("12", ["研究院"], 1), ("51", ["产业协会"], 1), ("52", ["创新服务中心"], 1)]
REGIONS = ["120101", "120102", "120103", "120104", "120105", "120106", "120110", "120111", "120112", "120113",
           "120114", "120115", "120116", "120117", "120118", "120119"]
# Industry, digital-economy class, what such a body does.
TRADES = [("6513", "030103", "应用软件开发与信创适配"), ("6531", "030402", "信息系统集成与运行维护"),
          ("6550", "030405", "大数据处理与数据治理"), ("6540", "030404", "云平台运行维护与监控"),
          ("3973", "010508", "集成电路设计与封装测试"), ("3491", "010401", "工业机器人研发与系统集成"),
          ("3911", "010101", "国产计算机整机制造"), ("3921", "010201", "通信设备研发与生产"),
          ("6511", "030101", "基础软件与操作系统研发"), ("3915", "010105", "信息安全设备与密码应用")]
HEADINGS = ["单位名称", "统一社会信用代码", "成立日期", "注册资本（万元）", "所在区域", "行业代码", "数字经济分类",
            "主营业务", "2025年营业收入（万元）", "2025年从业人员数", "2025年研发费用（万元）", "发明专利数"]
NUMBERS = {3, 8, 9, 10, 11}


def uscc(kind, number):
    body = f"MA{number:06d}"
    values = [int(letter, 36) for letter in body]
    check = (11 - sum(w * v for w, v in zip(BODY_WEIGHTS, values)) % 11) % 11
    text = kind + "120199" + body + "0123456789X"[check]
    total = sum(w * CHARACTERS.index(letter) for w, letter in zip(WEIGHTS, text))
    return text + CHARACTERS[(31 - total % 31) % 31]


def draw(number, slot):
    """A number of 64 bits that looks like chance and is the same everywhere (SplitMix64)."""
    x = (number * 64 + slot + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return x ^ (x >> 31)


def body_of(number):
    at = draw(number, 0) % 20
    for kind, forms, share in BODIES:
        if at < share:
            return kind, forms[draw(number, 1) % len(forms)]
        at -= share
    raise AssertionError


def organization(number):
    kind, form = body_of(number)
    # 610,031 has no divisor with a million: every number has its own three characters.
    mixed = number * 610031 % 1_000_000
    brand = BRANDS[mixed // 10_000] + BRANDS[mixed // 100 % 100] + BRANDS[mixed % 100]
    industry, digital, business = TRADES[draw(number, 2) % len(TRADES)]
    revenue = 10 ** (draw(number, 3) % 5) * (1 + draw(number, 4) % 90)
    day = draw(number, 5)
    return [PLACES[draw(number, 6) % len(PLACES)] + brand + form, uscc(kind, number),
            f"{1998 + day % 27}-{1 + day // 27 % 12:02d}-{1 + day // 400 % 28:02d}", 50 + draw(number, 7) % 9950,
            REGIONS[draw(number, 8) % len(REGIONS)], industry, digital, business, revenue,
            1 + revenue % 900, revenue * (1 + draw(number, 9) % 20) // 100, draw(number, 10) % 40]


def write_csv(path, numbers):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(organization(number) for number in numbers)


PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="成员单位" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/><Relationship Id="r2" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def write_xlsx(path, numbers):
    strings = {}

    def cell(column, row, value):
        place = f"{chr(65 + column)}{row}"
        if row > 1 and column in NUMBERS:
            return f'<c r="{place}"><v>{value}</v></c>'
        return f'<c r="{place}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'

    def line(row, values):
        return f'<row r="{row}">{"".join(cell(at, row, value) for at, value in enumerate(values))}</row>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as book:
        for name, text in PARTS.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' + text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(f"<worksheet {MAIN}><sheetData>{line(1, HEADINGS)}".encode())
            for at, number in enumerate(numbers):
                sheet.write(line(at + 2, organization(number)).encode())
            sheet.write(b"</sheetData></worksheet>")
        with book.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(f'<sst {MAIN} uniqueCount="{len(strings)}">'.encode())
            for text in strings:
                part.write(f"<si><t>{escape(text)}</t></si>".encode())
            part.write(b"</sst>")


def main():
    count, path = int(sys.argv[1]), sys.argv[2]
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    if first + count > 1_000_000:
        sys.exit("generate.py: there are a million names")
    (write_xlsx if path.endswith(".xlsx") else write_csv)(path, range(first, first + count))


if __name__ == "__main__":
    main()
