"""Everyday wishes in the words in which people say them, of every language."""

from __future__ import annotations

import pytest

from bot.understanding.reader import Reader

WISHES = {
    "view_summary": (
        "how is my sugar", "how is my bp this week", "mera sugar kaisa hai", "meri sugar kaisi chal rahi hai", "मेरी शुगर कैसी है",
        "ennoda sugar eppadi iruku", "என் சுகர் எப்படி இருக்கு", "amar sugar kemon ache", "na sugar ela undi",
        "majhi sugar kashi aahe",
        "mari sugar kevi che", "nanna sugar hegide", "ente sugar engane undu", "meri sugar kiven hai", "mo sugar kemiti achi",
        "mor sugar kene ase", "میری شوگر کیسی ہے", "wie ist mein Zucker",
        "what's my last sugar", "last sugar reading", "meri pichli sugar kya thi", "kal meri sugar kitni thi",
    ),
    "log_medication": (
        "i forgot my tablet", "forgot my insulin", "tablet lena bhool gaya", "dawai khana bhul gaya", "ওষুধ খেতে ভুলে গেছি",
        "மாத்திரை போட மறந்துட்டேன்", "mathirai poda maranthutten", "మాత్ర వేసుకోవడం మర్చిపోయాను", "गोळी घ्यायला विसरलो",
        "ગોળી લેવાની ભૂલી ગયો", "ಮಾತ್ರೆ ತೆಗೆದುಕೊಳ್ಳಲು ಮರೆತೆ", "ഗുളിക കഴിക്കാൻ മറന്നു", "ਗੋਲੀ ਲੈਣੀ ਭੁੱਲ ਗਿਆ", "گولی لینا بھول گیا",
        "ଔଷଧ ଖାଇବାକୁ ଭୁଲିଗଲି", "ঔষধ খাবলৈ পাহৰিলোঁ", "habe meine Tablette vergessen",
    ),
    "ask_education": (
        "kya main roze rakh sakta hoon", "navratri ke vrat mein kya khaye", "can I keep the ramadan fast",
        "how many times should I check my sugar", "din me kitni baar sugar check karu", "ஒரு நாளைக்கு எத்தனை தடவை சுகர் பாக்கணும்",
        "sugar kam karne ke liye kya khaye", "शुगर कम करने के लिए क्या खाएं", "شوگر کم کرنے کے لیے کیا کھائیں",
        "sugar kami karnyasathi", "o que comer para baixar a glicose", "pair ki dekhbhal kaise kare",
    ),
    "export_data": ("mera data bhej do",),
    "ask_privacy": ("who can see my data", "is my data safe", "mere message kaun dekhta hai", "আমার মেসেজ কে দেখে"),
    "quiet_hours": ("don't message me at night", "raat ko message mat karo", "ராத்திரி மெசேஜ் அனுப்பாதீங்க"),
    "meter_trouble": ("my meter is broken", "meter kharab ho gaya", "మీటర్ పాడైపోయింది"),
    "too_costly": ("strips are too costly", "strip bahut mehngi hai", "ஸ்ட்ரிப் விலை அதிகம்"),
    "ask_cost": ("is this free", "how much does this cost", "kya ye free hai", "இது இலவசமா"),
    "log_reading": ("my sugar is not coming down", "शुगर कम नहीं हो रही", "સુગર ઓછી થતી નથી", "ਸ਼ੂਗਰ ਘੱਟ ਨਹੀਂ ਹੋ ਰਹੀ",
        "சுகர் குறையவே மாட்டேங்குது"),
    "help": ("are you a human or a machine", "आप इंसान हो या मशीन"),
    "tell_name": ("my name is Suresh", "mera naam Suresh hai", "என் பெயர் செல்வி"),
    "add_caregiver": ("remove my son",),
    "log_meal": ("daal khayi", "i had dal"),
    "special_day": (
        "I will fast tomorrow", "kal se roza rakhunga", "कल से रोज़ा रखूंगा", "کل سے روزہ رکھوں گا", "navratri ke vrat kal se",
        "কাল থেকে রোজা রাখব", "আজ আমার উপোস", "రేపు ఉపవాసం ఉంటాను", "நாளைக்கு நோன்பு இருப்பேன்", "उद्या उपवास करणार आहे",
        "કાલે ઉપવાસ કરીશ", "ನಾಳೆ ಉಪವಾಸ ಇರ್ತೀನಿ", "നാളെ മുതൽ നോമ്പ് എടുക്കും", "ਕੱਲ੍ਹ ਵਰਤ ਰੱਖਾਂਗਾ", "କାଲି ମୋର ଉପବାସ",
        "কাইলৈ মোৰ উপবাস", "ich faste ab morgen", "કાલથી રાતપાળી છે", "நாளைக்கு ஊருக்கு போறேன்", "రేపు ఊరికి వెళ్తున్నా",
    ),
    "book_appointment": ("book a visit for my mother tomorrow", "i am going to visit the doctor with my wife tomorrow"),
    "none": ("I'm going to visit my sister in Mumbai tomorrow", "galat number daal diya",),
}  # fmt: skip


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent, texts in WISHES.items() for text in texts])
def test_an_everyday_wish_is_heard(reader: Reader, intent: str, text: str) -> None:
    meaning = reader.understand(text)
    assert meaning.intent is not None
    assert meaning.intent.id == intent
    assert meaning.urgency == ("urgent" if text == "forgot my insulin" else "none")
