"""Indonesian rude words: the list of the npm package ``indonesian-badwords`` 1.0.1, unchanged but for its order.

Copyright (c) Dwi Rizki Irawan, https://github.com/drizki/indonesian-badwords, under the MIT licence:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""

WORDS = frozenset(
    """
ajig ancok ancuk anjay anjing anjir anying asu asyu babangus babi bacol bacot bagong bajingan balegug banci
bangke bangsat bedebah bedegong bego belegug beloon bencong blo'on bloon bodoh boloho budug buduk celeng cibai
cibay cocot cocote cok cokil colai colay coli colmek conge congean congek congor cuk cukima cukimai cukimay
dancok entot entotan ewe ewean gelo genjik germo gigolo goblo goblog goblok hencet henceut heunceut homo idiot
itil jablay jalang jancok jancuk jembut jiancok jilmek jurig kacung kampang kampret kampungan kehed kenthu
kentot kentu keparat kimak kintil kirik konti kontol kopet koplok kunyuk kurap lacur lebok lonte maho meki memek
monyet ndas ndasmu ngehe ngentot ngewe nggateli ngocok nyepong pante pantek patek pathek pecun pecundang peju
pejuh pelacur pelakor peler pepek puki pukima pukimae pukimak pukimay sampah sepong sial sialan silit sinting
sontoloyo tai taik tempek tempik tete tetek tiembokne titit toket tolol ublag udik wingkeng
""".split()
)
