package sqlfilter

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"lakehouse.invalid/peer/internal/filter"
	"lakehouse.invalid/peer/internal/rawjson"
)

// like holds for strings that a pattern matches.
type like struct {
	pattern filter.Scalar
	form    *regexp.Regexp
	fold    bool
}

// newLike compiles a pattern; escape is its escape character, or -1.
func newLike(pattern string, escape rune, fold bool) (like, error) {
	var form strings.Builder
	form.WriteString(`(?s)\A`)
	literally := false
	for _, r := range pattern {
		switch {
		case literally || r != escape && r != '%' && r != '_':
			form.WriteString(regexp.QuoteMeta(folded(string(r), fold)))
			literally = false
		case r == escape:
			literally = true
		case r == '%':
			form.WriteString(`.*`)
		default:
			form.WriteString(`.`)
		}
	}
	if literally {
		return like{}, errors.New("the pattern ends with its escape character")
	}
	form.WriteString(`\z`)
	compiled, err := regexp.Compile(form.String())
	return like{filter.Scalar{Kind: rawjson.String, Text: pattern}, compiled, fold}, err
}

// folded replaces each character by its simple lower-case mapping.
func folded(text string, fold bool) string {
	if !fold {
		return text
	}
	return strings.Map(unicode.ToLower, text)
}

func (t like) of(v rawjson.Value) truth {
	if v.Kind() != rawjson.String {
		return unknown
	}
	return truthOf(t.form.MatchString(folded(v.Text(), t.fold)))
}

func (t like) exact() bool { return false }

func (t like) literals() []filter.Scalar { return []filter.Scalar{t.pattern} }
