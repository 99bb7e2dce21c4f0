/* SPDX-License-Identifier: MIT */
/* hidden.c - the table of characters that are not what they look like. */
#include "base/hidden.h"

#include <string.h>

#include "base/text.h"

static const struct hidden table[] = {
    /* they look like a blank */
    {"\xc2\xa0", "U+00A0 NO-BREAK SPACE", " "},
    {"\xa0", "byte A0, the no-break space of ISO 8859-1", " "},
    {"\xe1\x9a\x80", "U+1680 OGHAM SPACE MARK", " "},
    {"\xe2\x80\x80", "U+2000 EN QUAD", " "},
    {"\xe2\x80\x81", "U+2001 EM QUAD", " "},
    {"\xe2\x80\x82", "U+2002 EN SPACE", " "},
    {"\xe2\x80\x83", "U+2003 EM SPACE", " "},
    {"\xe2\x80\x84", "U+2004 THREE-PER-EM SPACE", " "},
    {"\xe2\x80\x85", "U+2005 FOUR-PER-EM SPACE", " "},
    {"\xe2\x80\x86", "U+2006 SIX-PER-EM SPACE", " "},
    {"\xe2\x80\x87", "U+2007 FIGURE SPACE", " "},
    {"\xe2\x80\x88", "U+2008 PUNCTUATION SPACE", " "},
    {"\xe2\x80\x89", "U+2009 THIN SPACE", " "},
    {"\xe2\x80\x8a", "U+200A HAIR SPACE", " "},
    {"\xe2\x80\xaf", "U+202F NARROW NO-BREAK SPACE", " "},
    {"\xe2\x81\x9f", "U+205F MEDIUM MATHEMATICAL SPACE", " "},
    {"\xe3\x80\x80", "U+3000 IDEOGRAPHIC SPACE", " "},
    {"\xe2\x80\xa8", "U+2028 LINE SEPARATOR", "\n"},
    {"\xe2\x80\xa9", "U+2029 PARAGRAPH SEPARATOR", "\n"},
    {"\xc2\x85", "U+0085 NEXT LINE", "\n"},
    /* they draw nothing */
    {"\xc2\xad", "U+00AD SOFT HYPHEN", ""},
    {"\xcd\x8f", "U+034F COMBINING GRAPHEME JOINER", ""},
    {"\xd8\x9c", "U+061C ARABIC LETTER MARK", ""},
    {"\xe1\xa0\x8e", "U+180E MONGOLIAN VOWEL SEPARATOR", ""},
    {"\xe2\x80\x8b", "U+200B ZERO WIDTH SPACE", ""},
    {"\xe2\x80\x8c", "U+200C ZERO WIDTH NON-JOINER", ""},
    {"\xe2\x80\x8d", "U+200D ZERO WIDTH JOINER", ""},
    {"\xe2\x80\x8e", "U+200E LEFT-TO-RIGHT MARK", ""},
    {"\xe2\x80\x8f", "U+200F RIGHT-TO-LEFT MARK", ""},
    {"\xe2\x80\xaa", "U+202A LEFT-TO-RIGHT EMBEDDING", ""},
    {"\xe2\x80\xab", "U+202B RIGHT-TO-LEFT EMBEDDING", ""},
    {"\xe2\x80\xac", "U+202C POP DIRECTIONAL FORMATTING", ""},
    {"\xe2\x80\xad", "U+202D LEFT-TO-RIGHT OVERRIDE", ""},
    {"\xe2\x80\xae", "U+202E RIGHT-TO-LEFT OVERRIDE", ""},
    {"\xe2\x81\xa0", "U+2060 WORD JOINER", ""},
    {"\xe2\x81\xa1", "U+2061 FUNCTION APPLICATION", ""},
    {"\xe2\x81\xa2", "U+2062 INVISIBLE TIMES", ""},
    {"\xe2\x81\xa3", "U+2063 INVISIBLE SEPARATOR", ""},
    {"\xe2\x81\xa6", "U+2066 LEFT-TO-RIGHT ISOLATE", ""},
    {"\xe2\x81\xa7", "U+2067 RIGHT-TO-LEFT ISOLATE", ""},
    {"\xe2\x81\xa8", "U+2068 FIRST STRONG ISOLATE", ""},
    {"\xe2\x81\xa9", "U+2069 POP DIRECTIONAL ISOLATE", ""},
    {"\xe3\x85\xa4", "U+3164 HANGUL FILLER", ""},
    {"\xef\xb8\x8f", "U+FE0F VARIATION SELECTOR-16", ""},
    {"\xef\xbb\xbf", "U+FEFF BYTE ORDER MARK", ""},
    {"\xef\xbf\xbc", "U+FFFC OBJECT REPLACEMENT CHARACTER", ""},
    /* they look like a plain character */
    {"\xe2\x80\x90", "U+2010 HYPHEN", "-"},
    {"\xe2\x80\x91", "U+2011 NON-BREAKING HYPHEN", "-"},
    {"\xe2\x80\x92", "U+2012 FIGURE DASH", "-"},
    {"\xe2\x80\x93", "U+2013 EN DASH", "-"},
    {"\xe2\x80\x94", "U+2014 EM DASH", "-"},
    {"\xe2\x88\x92", "U+2212 MINUS SIGN", "-"},
    {"\xe2\x80\x98", "U+2018 LEFT SINGLE QUOTATION MARK", ""},
    {"\xe2\x80\x99", "U+2019 RIGHT SINGLE QUOTATION MARK", ""},
    {"\xe2\x80\x9c", "U+201C LEFT DOUBLE QUOTATION MARK", ""},
    {"\xe2\x80\x9d", "U+201D RIGHT DOUBLE QUOTATION MARK", ""},
    {"\xe2\x80\x9e", "U+201E DOUBLE LOW-9 QUOTATION MARK", ""},
    {"\xef\xbc\x9a", "U+FF1A FULLWIDTH COLON", ":"},
    {"\xea\x9e\x89", "U+A789 MODIFIER LETTER COLON", ":"},
    {"\xe2\x88\xb6", "U+2236 RATIO", ":"},
    {"\xef\xbc\x8e", "U+FF0E FULLWIDTH FULL STOP", "."},
    {"\xe3\x80\x82", "U+3002 IDEOGRAPHIC FULL STOP", "."},
    {"\xef\xbc\x8a", "U+FF0A FULLWIDTH ASTERISK", "*"},
    {"\xe2\x88\x97", "U+2217 ASTERISK OPERATOR", "*"},
};

const struct hidden *hidden_at(struct bytes text)
{
    if (!text.length || (unsigned char)text.data[0] < 0x80)
        return NULL;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].bytes[0] == text.data[0] && bytes_begin(text, table[i].bytes))
            return &table[i];
    return NULL;
}

long hidden_find(struct bytes text)
{
    for (size_t at = 0; at < text.length; at += text_character(text.data + at, text.length - at))
        if (hidden_at(bytes_from(text, at)))
            return (long)at;
    return -1;
}
