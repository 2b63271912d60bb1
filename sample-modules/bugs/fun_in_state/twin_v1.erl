%% pricing, version 1: keeps how a price is made, as a fun by name.
-module(pricing).
-vsn("1").
-behaviour(gen_server).
-export([start_link/2, init/1, handle_call/3, handle_cast/2, price/1]).

start_link(Name, Args) -> gen_server:start_link({local, Name}, ?MODULE, Args, []).

init(_) -> {ok, #{price => fun ?MODULE:price/1, quotes => 0}}.

handle_call({quote, N}, _, #{price := Price, quotes := Quotes} = State) ->
    {reply, Price(N), State#{quotes := Quotes + 1}}.

handle_cast(never, State) -> {noreply, State}.

price(N) -> 2 * N.
