package understand

import (
	"regexp"
	"strconv"
	"strings"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/vectorsearch"
)

// Understanding is what a text asks for.
type Understanding struct {
	Roles, NotRoles               []Role
	Related                       []string
	Places, NotPlaces             []Found
	Shifts, NotShifts             []Named
	Certificates, NotCertificates []Named
	Count                         string
	Years, Pay                    *Bounds
	Dates, Times                  []string
	Client                        *string
	Availability                  string
	Rest                          []string
	Nobody                        []Nobody
	// Names may be those of people. They are no part of the answer.
	Names []PossibleName
}

// PossibleName is words that may be the name of a person. It is clear when
// they can hardly be anything else.
type PossibleName struct {
	Text  string
	Clear bool
}

// Role is a role with the values that stand for it.
type Role struct {
	Name, Text, How string
	Values          []string
}

// Found is a place. Its values are pairs of a city, empty for a whole state,
// and a state.
type Found struct {
	City, State *string
	Text, How   string
	Values      [][2]string
}

// Named is a shift or a certificate.
type Named struct{ Name, Text string }

// Bounds are numbers as printed, or empty.
type Bounds struct{ Least, Above, Most, Below string }

// Nobody is something that no document has.
type Nobody struct {
	What, Text string
	Nearest    []string
}

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func equal(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }

var notInField = regexp.MustCompile(`[^a-z0-9]`)

// Field is the member of metadata of those who hold a certificate.
func (n Named) Field() string {
	lower := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, n.Name)
	return "cert_" + notInField.ReplaceAllString(lower, "_")
}

// AppendJSON appends the understanding.
func (u *Understanding) AppendJSON(dst []byte) []byte {
	dst = vectorsearch.AppendArray(append(dst, `{"roles":`...), u.Roles, appendRole)
	dst = vectorsearch.AppendArray(append(dst, `,"related":`...), u.Related, rawjson.AppendString)
	dst = vectorsearch.AppendArray(append(dst, `,"places":`...), u.Places, appendFound)
	dst = vectorsearch.AppendArray(append(dst, `,"shifts":`...), u.Shifts, appendShift)
	dst = vectorsearch.AppendArray(append(dst, `,"certificates":`...), u.Certificates, appendCertificate)
	dst = vectorsearch.AppendArray(append(dst, `,"not":{"roles":`...), u.NotRoles, appendRole)
	dst = vectorsearch.AppendArray(append(dst, `,"places":`...), u.NotPlaces, appendFound)
	dst = vectorsearch.AppendArray(append(dst, `,"shifts":`...), u.NotShifts, appendShift)
	dst = vectorsearch.AppendArray(append(dst, `,"certificates":`...), u.NotCertificates, appendCertificate)
	dst = appendNumber(append(dst, `},"count":`...), u.Count)
	dst = appendBounds(append(dst, `,"years":`...), u.Years)
	dst = appendBounds(append(dst, `,"pay":`...), u.Pay)
	dst = vectorsearch.AppendArray(append(dst, `,"dates":`...), u.Dates, rawjson.AppendString)
	dst = vectorsearch.AppendArray(append(dst, `,"times":`...), u.Times, rawjson.AppendString)
	dst = vectorsearch.AppendStringOrNull(append(dst, `,"client":`...), u.Client)
	dst = append(dst, `,"availability":"`+u.Availability+`"`...)
	dst = vectorsearch.AppendArray(append(dst, `,"rest":`...), u.Rest, rawjson.AppendString)
	dst = vectorsearch.AppendArray(append(dst, `,"nobody":`...), u.Nobody, appendNobody)
	return append(dst, '}')
}

func appendRole(dst []byte, r Role) []byte {
	dst = rawjson.AppendString(append(dst, `{"role":`...), r.Name)
	dst = rawjson.AppendString(append(dst, `,"text":`...), r.Text)
	dst = append(dst, `,"how":"`+r.How+`","values":`...)
	return append(vectorsearch.AppendArray(dst, r.Values, rawjson.AppendString), '}')
}

func appendFound(dst []byte, f Found) []byte {
	dst = vectorsearch.AppendStringOrNull(append(dst, `{"city":`...), f.City)
	dst = vectorsearch.AppendStringOrNull(append(dst, `,"state":`...), f.State)
	dst = rawjson.AppendString(append(dst, `,"text":`...), f.Text)
	dst = append(dst, `,"how":"`+f.How+`","known":`...)
	return append(strconv.AppendBool(dst, len(f.Values) > 0), '}')
}

func appendShift(dst []byte, n Named) []byte {
	dst = rawjson.AppendString(append(dst, `{"shift":`...), n.Name)
	return append(rawjson.AppendString(append(dst, `,"text":`...), n.Text), '}')
}

func appendCertificate(dst []byte, n Named) []byte {
	dst = rawjson.AppendString(append(dst, `{"certificate":`...), n.Name)
	dst = rawjson.AppendString(append(dst, `,"field":`...), n.Field())
	return append(rawjson.AppendString(append(dst, `,"text":`...), n.Text), '}')
}

func appendNobody(dst []byte, n Nobody) []byte {
	dst = rawjson.AppendString(append(dst, `{"what":"`+n.What+`","text":`...), n.Text)
	dst = append(dst, `,"nearest":`...)
	return append(vectorsearch.AppendArray(dst, n.Nearest, rawjson.AppendString), '}')
}

func appendNumber(dst []byte, n string) []byte {
	if n == "" {
		n = "null"
	}
	return append(dst, n...)
}

func appendBounds(dst []byte, b *Bounds) []byte {
	if b == nil {
		return append(dst, "null"...)
	}
	dst = appendNumber(append(dst, `{"least":`...), b.Least)
	dst = appendNumber(append(dst, `,"above":`...), b.Above)
	dst = appendNumber(append(dst, `,"most":`...), b.Most)
	return append(appendNumber(append(dst, `,"below":`...), b.Below), '}')
}
