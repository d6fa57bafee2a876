"""What Python's csv module makes of odd CSV files: the reference of CsvRecordsTest.

    python3 job/src/test/python/csv_records.py > job/src/test/resources/dev/cloze/job/csv-records.json
"""

import csv
import io
import json
import random

WRITTEN = [
    'id,text\n1,"a\nb"\n2,"c, d"\n3,e\n',
    'id,text\r\n1,"a\r\nb"\r\n2,"say ""hi"""\r\n3,\r\n',
    'id,text\r1,"a\rb"\r2,x\r',
    'id,text\n1,5" pipe\n2,"a" b\n3,""\n4,""""\n',
    'a,b\n\n1,2\n\r\n\n3,4',
    'a,b\n1\n1,2,3\n,\n',
    'one\n"x\n\n\ny"\nz\n',
    '"a\nb",c\n1,2\n',
    ' a , "b" \n 1 , "2" \n',
]


def read(text, separator):
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def main():
    random.seed(20)
    texts = [(text, ",") for text in WRITTEN]
    for _ in range(2000):
        separator = random.choice(",;\t")
        text = "".join(random.choice('ab"\n\r' + '"' + separator + separator + " é") for _ in range(random.randint(1, 30)))
        texts.append((text, separator))
    files = []
    for text, separator in texts:
        mark = ["", "", "END"]
        # A quote that is never closed takes all that follows into its field.
        closed = read(text + "\n" + separator.join(mark), separator)[-1] == mark
        # Empty lines are records without fields in Python.
        records = [record for record in read(text, separator) if record] if closed else None
        files.append({"text": text, "separator": separator, "records": records})
    print("[" + ",\n".join(json.dumps(file) for file in files) + "]")


main()
