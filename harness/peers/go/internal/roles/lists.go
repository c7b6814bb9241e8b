package roles

import "strings"

var (
	skipped = strings.Fields("a an the one two three four five six seven eight nine ten un una some any more another additional extra few several couple of good great experienced reliable qualified skilled strong new our my temporary immediate")

	ends = strings.Fields("in at for from on near with to starting asap around outside by who that which because so as tomorrow today tonight now please this next until till after before start immediately urgently needed wanted required monday tuesday wednesday thursday friday saturday sunday en de para con")

	pronouns = strings.Fields("someone somebody anyone anybody everyone everybody people it them they me us you him her alguien")

	fillers = append(strings.Fields("person persons folks guy guys man men woman women worker workers hand hands help staff staffing coverage cover body bodies temp temps crew team employee employees candidate candidates personnel manpower backup support ones work job jobs shift shifts position positions role roles opening openings gente personal"), pronouns...)

	times = strings.Fields("morning mornings afternoon afternoons evening evenings noon midnight night nights day days week weeks weekend weekends weekday weekdays month months hour hours minute minutes time am pm shift shifts january february march april may june july august september october november december")

	beforeCity = strings.Fields("north south east west new old upper lower fort port lake mount saint")
	behindCity = strings.Fields("park heights beach springs falls hills township village lakes grove junction")

	cueWords  = strings.Fields("need needs want wants require requires seeking hiring necesito necesitamos busco buscamos")
	longCues  = [][]string{{"looking", "for"}, {"searching", "for"}, {"in", "need", "of"}}
	clientCue = strings.Fields("needs wants requires")

	notWords      = strings.Fields("no not never dont doesnt didnt wont isnt arent aint cannot cant")
	negations     = append(strings.Fields("nor except excluding without"), notWords...)
	longNegations = [][]string{{"instead", "of"}, {"rather", "than"}, {"other", "than"}}
	behindNot     = strings.Fields("a an the any more our all in at near from around")
	conjunctions  = strings.Fields("or nor and")

	placePrepositions = strings.Fields("in near around outside en")
	beforeUnknown     = strings.Fields("downtown greater metro central")
	noCity            = strings.Fields("general person house advance charge case order demand total place line it")
	behindRole        = strings.Fields("or nor and but if is are was were will can could")
	spanishArticles   = strings.Fields("la el los las")
	beforeNoCity      = strings.Fields("at for from with by para con de or nor and")

	// Codes that are words, too: behind a city, behind a preposition, and elsewhere.
	wordsBehindCity        = strings.Fields("in or de la")
	wordsBehindPreposition = strings.Fields("in or de me hi")
	otherMeanings          = strings.Fields("in or de la me hi oh ok ma pa md ct pr co id al ar ms mt ne nd nc va sc")
)

var cityAbbreviations = map[string]string{
	"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount", "pt": "point",
	"n": "north", "s": "south", "e": "east", "w": "west",
	"hts": "heights", "spgs": "springs", "jct": "junction",
}
