package roles

import (
	"testing"

	"lakehouse.invalid/peer/internal/lexicon"
)

// words has the lexicon's words.
var words = func() *Lexicon {
	l, err := lexicon.Load("../../../../../fixtures/lexicon")
	if err != nil {
		panic(err)
	}
	return NewLexicon(l)
}()

func TestKey(t *testing.T) {
	for role, want := range map[string]string{
		"Pickers":                  "picker",
		"Forklift OPERATORS":       "forklift operator",
		"secretaries":              "secretary",
		"ties":                     "tie",
		"boss":                     "boss",
		"bosses":                   "boss",
		"gas":                      "gas",
		"campus":                   "campus",
		"bus drivers":              "bus driver",
		"waitresses":               "waitress",
		"coaches":                  "coach",
		"nurses":                   "nurse",
		"foremen":                  "foreman",
		"salespeople":              "salesperson",
		"people":                   "people",
		"midwives":                 "midwife",
		"RNs":                      "rn",
		"RN's":                     "rn",
		"rns":                      "rn",
		"PTs":                      "pt",
		"PAs":                      "pa",
		"pas":                      "pas",
		"LMSs":                     "lm",
		"O\u2019Brien's foremen":   "obrien foreman",
		"Café  Worker":             "cafe worker",
		"-- ":                      "",
		"Köche":                    "koche",
		"éés":                      "ees",
		"ＣＮＡ\u00ad":                "cna",
		"spray-paint\u2014foremen": "spray paint foreman",
	} {
		if got := Key(role); got != want {
			t.Errorf("%q: %q", role, got)
		}
	}
	if !Same(Key("Fork-lift operators"), Key("Forklift Operator")) {
		t.Error("a hyphen distinguishes roles")
	}
}

func knownFor(l *Lexicon, roles, cities, synonyms []string) *Known {
	known := NewKnown(l)
	for _, role := range roles {
		known.AddRole(role)
	}
	for _, city := range cities {
		known.AddCity(city)
	}
	known.SetSynonyms(synonyms)
	return known
}

func TestRead(t *testing.T) {
	known := knownFor(
		&Lexicon{},
		[]string{"Picker", "Order Picker", "Forklift Operator", "Welder", "RN", "Warehouse Associate", "!"},
		[]string{"Detroit", "Grand Rapids", ""},
		[]string{"hilo driver = fork-lift operators", "lift guy = welder", "lift guy = rn", "welder = rn", "x = ", " = y", "z"},
	)
	for _, c := range []struct {
		named, query, role string
		source             Source
	}{
		{"Welders", "need 3 pickers", "welder", Request},
		{"Fork-lift operator", "need 3 pickers", "forklift operator", Request},
		{"HiLo drivers", "need 3 pickers", "forklift operator", Request},
		{"?!", "need 3 pickers", "picker", Text},
		{"", "Need 3 pickers in Detroit", "picker", Text},
		{"", "client needs two 10x order pickers asap", "order picker", Text},
		{"", "we are looking for a night forklift operator near Toledo", "forklift operator", Text},
		{"", "looking at: need 2 welders", "welder", Text},
		{"", "need crane operators for monday", "crane operator", Text},
		{"", "need 3x in Detroit, pickers", "picker", Text},
		{"", "need someone who can really weld very long pipes, a welder", "welder", Text},
		{"", "need welder picker", "welder", Text},
		{"", "needs in Detroit", "", None},
		{"", "order pickers, Detroit", "order picker", Text},
		{"", "pickers Detroit, pickers", "picker", Text},
		{"", "welders and order pickers", "", None},
		{"", "picker or order picker", "", None},
		{"", "Riggers Grand Rapids", "rigger", Text},
		{"", "Grand Rapids riggers", "rigger", Text},
		{"", "riggers Toledo", "", None},
		{"", "RNs x 2", "rn", Text},
		{"", "", "", None},
		// Synonyms, except those in dispute and those of known roles.
		{"", "need 2 hilo drivers", "forklift operator", Text},
		{"", "Hi-Lo drivers Detroit", "forklift operator", Text},
		{"", "need 2 lift guys", "lift guy", Text},
		{"", "need 2 welders", "welder", Text},
		// No phrase hides a known role.
		{"", "need someone to drive a forklift in Detroit", "forklift operator", Text},
		{"", "need help with a forklift operator shift", "forklift operator", Text},
		{"", "need forklift ops", "forklift operator", Text},
		{"", "need fork-lift operators", "forklift operator", Text},
		{"", "need warehouse help", "warehouse associate", Text},
		{"", "need someone", "", None},
		{"", "need 3 workers for the night shift", "", None},
		{"", "looking for someone? need a picker", "picker", Text},
		{"", "Picker Logistics needs 12 riggers", "rigger", Text},
		{"", "crane driver near Detroit", "crane driver", Text},
		{"", "need 3 riggers Detroit MI", "rigger", Text},
		// What is not wanted.
		{"", "we don\u2019t need forklift operators, looking for press operators", "press operator", Text},
		{"", "we no longer need welders but need pickers", "picker", Text},
		{"", "not looking for pickers. Need welders", "welder", Text},
		{"", "need pickers instead of forklift operators", "picker", Text},
		{"", "no pickers or welders, RNs please", "rn", Text},
		{"", "we do not need pickers", "", None},
	} {
		q := known.Read(c.named, c.query)
		if q.Role != c.role || q.Source != c.source {
			t.Errorf("%q %q: %q %s", c.named, c.query, q.Role, q.Source)
		}
	}
	for query, want := range map[string]string{
		"need 2 hilo drivers": "hilo driver",
		"need 2 pickers":      "",
		"need someone":        "",
	} {
		if got := known.MadeUp(query); got != want {
			t.Errorf("%q: %q", query, got)
		}
	}
}

func TestLexicon(t *testing.T) {
	known := knownFor(
		words,
		[]string{"Lift Driver", "Driver", "Truck Operator"},
		[]string{"Detroit"},
		[]string{"hilo driver = driver", "box wrangler = lift operator", "fork driver = driver", "fork driver = picker"},
	)
	for query, want := range map[string]string{
		"need a forklift operator":       "forklift operator",
		"montacarguistas en Detroit":     "forklift operator",
		"no lift drivers, need drivers":  "driver",
		"lift drivers or drivers":        "",
		"order selectors, Detroit":       "order selector",
		"need forklift in Detroit":       "forklift operator",
		"need a reach truck operator":    "reach truck operator",
		"need a nurse":                   "nurse",
		"need 2 hilo drivers":            "driver",
		"need 2 box wranglers":           "forklift operator",
		"need fork drivers":              "forklift operator",
		"lift drivers in the Windy City": "lift driver",
	} {
		if got := known.Read("", query).Role; got != want {
			t.Errorf("%q: %q", query, got)
		}
	}
}

func TestElsewhere(t *testing.T) {
	known := knownFor(
		words,
		[]string{"Forklift Operator", "Picker", "OR Nurse", "Mobile Crane Operator"},
		[]string{"Detroit", "St. Louis", "Chicago", "Aurora", "Lansing", "Kansas City", "Portland", "Mobile", "La Porte"},
		[]string{"hilo driver = forklift operator"},
	)
	detroit, louis := Address{"Detroit", "MI"}, Address{"Saint Louis", "MO"}
	for _, c := range []struct {
		query string
		Address
		want bool
	}{
		{"need pickers", louis, false},
		{"pickers in Detroit", detroit, false},
		{"pickers detroit", louis, true},
		{"pickers in ST LOUIS mo", louis, false},
		{"pickers in St. Louis MO", detroit, true},
		{"pickers in Laporte", Address{City: "La Porte"}, false},
		{"pickers in Detroit, Ohio", detroit, true},
		{"pickers in Michigan", detroit, false},
		{"pickers in Michigan", Address{City: "Detroit"}, true},
		{"pickers in Detroit MI", Address{City: "Detroit"}, false},
		{"pickers in Kansas City KS", Address{"Kansas City", "MO"}, true},
		{"pickers in Kansas City", Address{"Kansas City", "Kansas"}, false},
		{"pickers portland or", Address{"Portland", "ME"}, true},
		{"PICKERS PORTLAND OR DETROIT", detroit, false},
		{"need 2 OR nurses in Detroit", detroit, false},
		{"pickers in Ann Arbor MI", detroit, true},
		{"pickers near ann arbor", detroit, true},
		{"Ann Arbor, MI: pickers", detroit, true},
		{"stackers Ann Arbor MI", detroit, true},
		{"hilo drivers MI", detroit, false},
		{"Forklift Operator Ypsilanti", detroit, true},
		{"forklift operator ypsilanti", detroit, true},
		{"NEED 2 PICKERS ANN ARBOR", detroit, true},
		{"need 2 pickers and a welder", detroit, false},
		{"pickers x2 for Beacon", detroit, false},
		{"Forklift Operator Nights", detroit, false},
		{"pickers in LA", detroit, true},
		{"pickers in East Lansing", Address{City: "Lansing"}, true},
		{"pickers in St. Louis Park", louis, true},
		{"pickers in Washington DC", Address{"Aurora", "WA"}, true},
		{"pickers in the morning in 2 weeks", detroit, false},
		{"pickers en la noche", detroit, false},
		{"mobile crane operator", detroit, false},
		{"pickers in Detroit, not Aurora", Address{City: "Aurora"}, true},
		{"pickers not in Ohio", detroit, false},
		{"pickers not in Michigan", detroit, true},
		{"pickers, no Detroit or Aurora", louis, false},
		{"pickers, no Detroit or Aurora", Address{City: "Aurora"}, true},
		{"picker no weekends detroit", louis, true},
		{"Ann Arbor pickers", detroit, true},
		{"3 pickers, ann arbor", detroit, true},
		{"3 pickers wanted ann arbor", detroit, true},
		{"3 pickers for Jackson", detroit, false},
		{"Ottawa Hills Freight pickers", detroit, false},
		{"lift drivers in the Windy City", Address{"Chicago", "IL"}, false},
		{"lift drivers in the windy city", detroit, true},
		{"Windy City Freight needs pickers", detroit, false},
		{"pickers not in Motown", detroit, true},
		{"pickers in KC, MO", Address{"Kansas City", "MO"}, false},
		{"pickers in KC, KS", Address{"Kansas City", "MO"}, true},
		{"pickers in the Carolinas", Address{"Aurora", "NC"}, false},
		{"pickers LA", detroit, true},
		{"pickers in Mich.", detroit, false},
		{"pickers in Mich.", Address{"Aurora", "Ill."}, true},
		{"ask Miss Jones for pickers", detroit, false},
	} {
		places := known.Read("", c.query).Places
		if got := known.Elsewhere(places, c.Address, func() Places { return nil }); got != c.want {
			t.Errorf("%q %v: %t %v", c.query, c.Address, got, places)
		}
	}
	for recorded, want := range map[string]bool{"Detroit, pickers": false, "pickers": true, "Aurora": true} {
		places := known.Read("", "pickers in Detroit").Places
		if got := known.Elsewhere(places, Address{City: "?"}, func() Places { return known.Read("", recorded).Places }); got != want {
			t.Errorf("%q: %t", recorded, got)
		}
	}
}
