package names

import (
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	for s, want := range map[string]string{
		"ana ruiz's x9y": "ana ruiz x y", "o'brien 'ana' o' b": "obrien ana o b", "王小明ana": "王 小 明 ana", "жук—a": "жук a", "1 '": "",
	} {
		var got []string
		for _, w := range Words(s) {
			got = append(got, w.Text)
		}
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%q: %q, want %q", s, joined, want)
		}
	}
}

func TestKeys(t *testing.T) {
	for name, want := range map[string][]string{
		"Oyelaran":          nil,
		"Ana Ruiz":          {"anaruiz", "ruiz,ana", "ruizana"},
		"Mary-Kate O’Neill": {"marykateoneill", "kateoneill,mary", "kateoneillmary", "oneill,marykate", "oneillmarykate"},
		"Jo (Jay) Li":       {"jojayli", "jayli,jo", "jaylijo", "li,jojay", "lijojay", "joli", "li,jo", "lijo", "jayli", "li,jay", "lijay"},
		"Ana M. Ruiz":       {"anamruiz", "mruiz,ana", "mruizana", "ruiz,anam", "ruizanam", "anaruiz", "ruiz,ana", "ruizana"},
	} {
		got := Keys(name)
		slices.Sort(got)
		got = slices.Compact(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestMiddleNamesAndHandles(t *testing.T) {
	for s, want := range map[string]bool{
		"Ana Maria Ruiz": true, "Ana Maria Eva Ruiz": true, "Ana Maria-Eva Ruiz": true, "Ana Maria Eva Lu Ruiz": false, "Ana maria Ruiz": false,
		"ANA MARIA RUIZ": false, "ANA Maria RUIZ": true, "Ana De Ruiz": false, "Ana, Maria Ruiz": false, "Ana Maria ruiz": false,
		"@anaruiz": true, "x@anaruiz": false, ".@anaruiz": false, "/anaruiz9": true, "#anaruizs": false, "anaruiz": false,
	} {
		capitals := make([]bool, len(s))
		for i := range s {
			capitals[i] = 'A' <= s[i] && s[i] <= 'Z'
		}
		found := false
		Search(strings.ToLower(s), capitals, func(key string) Decision {
			found = key == "anaruiz"
			if found {
				return Stop
			}
			return Unknown
		})
		if found != want {
			t.Errorf("%q: %t", s, found)
		}
	}
}

func TestSearch(t *testing.T) {
	for s, want := range map[string]string{
		"a b c": "abc ac ab bc", "ana. ruiz": "", "a. ruiz": "aruiz", "st. james": "stjames", "ruiz, ana": "ruiz,ana", "a, b, c": "a,b b,c",
		"ana m. ruiz": "anamruiz anaruiz anam mruiz", "ana y ruiz": "anayruiz anay yruiz", "ana 2 ruiz": "", "ana/ruiz": "anaruiz", "ruiz m., ana": "ruizm,ana ruiz,ana ruizm m,ana",
	} {
		var got []string
		Search(s, make([]bool, len(s)), func(key string) Decision {
			got = append(got, key)
			return Unknown
		})
		if joined := strings.Join(got, " "); joined != want {
			t.Errorf("%q: %q, want %q", s, joined, want)
		}
	}
}
